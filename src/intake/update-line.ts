/** From one state of a line to a later one; what happened between them is known. */
interface Stretch {
  from: number;
  to: number;
}

/** The last message of a chat that was taken in, and where it stands. */
interface Note {
  pts: number;
  chat: string;
  messageId: number;
}

/** More stretches that do not touch are forgotten: the difference brings what they were. */
const MAX_STRETCHES = 1000;

/**
 * How far one line of numbered events is known. Pure bookkeeping, in whatever order events come, doubled or not: `pts` is
 * the state up to which nothing is missing, `durablePts` the one up to which nothing is missing *and* every voice is a
 * durable job. Only the latter may be stored.
 */
export class UpdateLine {
  #pts: number;
  /** Known, but with something missing before it; in order, never touching each other. */
  #ahead: Stretch[] = [];
  #held = new Set<{ before: number }>();
  #notes: Note[] = [];
  #furthest: number;

  constructor(pts: number) {
    this.#pts = pts;
    this.#furthest = pts;
  }

  get pts(): number {
    return this.#pts;
  }

  get durablePts(): number {
    let durable = this.#pts;
    for (const { before } of this.#held) durable = Math.min(durable, before);
    return durable;
  }

  /** Something is known to have happened that has not been seen. */
  get hasGap(): boolean {
    return this.#furthest > this.#pts;
  }

  /** The furthest state that was ever heard of. */
  get furthest(): number {
    return this.#furthest;
  }

  /** Nothing is missing, nothing is on its way. */
  get isSettled(): boolean {
    return !this.hasGap && this.#held.size === 0;
  }

  /** Telegram has told of the state `pts`; what led there may be unknown. */
  hear(pts: number): void {
    this.#furthest = Math.max(this.#furthest, pts);
  }

  /** Everything between the two states is known. */
  cover(from: number, to: number): void {
    this.hear(to);
    if (to <= this.#pts) return;
    this.#ahead = merged([...this.#ahead, { from, to }]);
    const [first] = this.#ahead;
    if (first !== undefined && first.from <= this.#pts) {
      this.#pts = Math.max(this.#pts, first.to);
      this.#ahead.shift();
    }
    if (this.#ahead.length > MAX_STRETCHES) this.#ahead.pop();
  }

  /** A voice that begins at the state `before` is on its way: until the function is called `durablePts` stays there. */
  hold(before: number): () => void {
    const held = { before };
    this.#held.add(held);
    return () => void this.#held.delete(held);
  }

  /** A message of a chat stands at `pts`; `takeNotes` gives it once all before it is durable. */
  note(pts: number, chat: string, messageId: number): void {
    this.#notes.push({ pts, chat, messageId });
  }

  /** Chat → highest message id, of the notes that `durablePts` has passed. */
  takeNotes(): Map<string, number> {
    const { durablePts } = this;
    const taken = new Map<string, number>();
    for (const { chat, messageId } of this.#notes.filter((note) => note.pts <= durablePts)) {
      taken.set(chat, Math.max(taken.get(chat) ?? 0, messageId));
    }
    this.#notes = this.#notes.filter((note) => note.pts > durablePts);
    return taken;
  }

  /** What came after `pts` may be lost: all of it is unknown again. */
  rewind(pts: number): void {
    this.#furthest = Math.max(this.#furthest, this.#pts);
    this.#pts = Math.min(this.#pts, pts);
    this.#ahead = [];
    this.#held = new Set();
    this.#notes = [];
  }

  /** Telegram has forgotten what happened before `pts`, or counts anew; what it was has been searched for. */
  jump(pts: number): void {
    this.#pts = pts;
    this.#furthest = pts;
    this.#ahead = [];
  }
}

function merged(stretches: Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const { from, to } of stretches.sort((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}
