/** What a box has to know of a message: where it writes down the id that it gives it. */
interface Numbered {
  ids: Map<object, number>;
}

/** One thing that happened in a box. */
export type BoxEvent<Message, Chat> =
  | { kind: 'new'; message: Message; id: number }
  | { kind: 'edit'; message: Message; id: number }
  | { kind: 'delete'; ids: number[] }
  | { kind: 'read-inbox'; chat: Chat; maxId: number; stillUnread: number }
  | { kind: 'read-outbox'; chat: Chat; maxId: number };

/** The event with its place in the sequence: `pts` is the box's state right after it. */
export interface JournalEntry<Message, Chat> {
  pts: number;
  ptsCount: number;
  dateSec: number;
  event: BoxEvent<Message, Chat>;
}

/**
 * A numbered sequence of messages with the journal of all that happened to it
 * (core.telegram.org/api/updates, "event sequences"). Every user has one for private chats and basic groups together,
 * every supergroup and channel has its own.
 */
export class MessageBox<Message extends Numbered, Chat> {
  private readonly stored = new Map<number, Message>();
  private entries: JournalEntry<Message, Chat>[] = [];
  private lastId = 0;
  private currentPts = 1;
  private forgottenPts = 1;

  /** @param nowSec the clock of the sandbox, seconds since 1970. */
  constructor(private readonly nowSec: () => number) {}

  /** The state: how many events there have been, counted from 1. */
  get pts(): number {
    return this.currentPts;
  }

  /** States below this can no longer be caught up with. */
  get oldestPts(): number {
    return this.forgottenPts;
  }

  /** When the last event happened; 0 where nothing has. */
  get lastEventSec(): number {
    return this.entries.at(-1)?.dateSec ?? 0;
  }

  get topId(): number {
    return this.lastId;
  }

  get(id: number): Message | undefined {
    return this.stored.get(id);
  }

  /** The messages that are not deleted, oldest first. */
  messages(): Message[] {
    return [...this.stored.values()];
  }

  add(message: Message): JournalEntry<Message, Chat> {
    this.lastId += 1;
    this.stored.set(this.lastId, message);
    message.ids.set(this, this.lastId);
    return this.record({ kind: 'new', message, id: this.lastId }, 1);
  }

  edited(message: Message): JournalEntry<Message, Chat> | undefined {
    const id = message.ids.get(this);
    if (id === undefined || !this.stored.has(id)) return undefined;
    return this.record({ kind: 'edit', message, id }, 1);
  }

  /** Ids that are not here are passed over; undefined where none was. */
  delete(ids: readonly number[]): JournalEntry<Message, Chat> | undefined {
    const present = [...new Set(ids)].filter((id) => this.stored.delete(id));
    return present.length === 0 ? undefined : this.record({ kind: 'delete', ids: present }, present.length);
  }

  record(event: BoxEvent<Message, Chat>, ptsCount: number): JournalEntry<Message, Chat> {
    this.currentPts += ptsCount;
    const entry = { pts: this.currentPts, ptsCount, dateSec: this.nowSec(), event };
    this.entries.push(entry);
    return entry;
  }

  /** What happened after the state `pts`, oldest first. */
  since(pts: number): JournalEntry<Message, Chat>[] {
    return this.entries.filter((entry) => entry.pts > pts);
  }

  /** The state at which the message was new, also where it has been deleted since. */
  ptsOfNew(message: Message): number | undefined {
    return this.entries.find(({ event }) => event.kind === 'new' && event.message === message)?.pts;
  }

  /** Drops the journal, not the messages: who asks from an older state is told that it is too long ago. */
  forgetJournal(): void {
    this.entries = [];
    this.forgottenPts = this.currentPts;
  }
}
