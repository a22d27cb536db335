import type { UpdateCursor } from '../store/update-state.js';
import type { ChannelPeer, CommonState, LineId } from '../telegram/update-source.js';
import { UpdateLine } from './update-line.js';

/** A supergroup whose line is followed. */
export interface KnownChannel {
  line: UpdateLine;
  /** Undefined until Telegram has shown it. */
  accessHash: string | undefined;
  /** Met while it was unknown what had been said there before: not to be stored until that has been searched for. */
  unsearched: boolean;
}

interface Common {
  line: UpdateLine;
  /** As Telegram told it last; its `pts` is the line's. */
  state: CommonState;
}

/** All that is known of an account's updates, line by line, and what of it may be stored. */
export class KnownUpdates {
  readonly channels = new Map<string, KnownChannel>();
  readonly #lastSeen = new Map<string, number>();
  #common: Common | undefined;
  #completeToSec = 0;

  /** Undefined until it is known where to begin; what comes before that is found again by the difference. */
  get common(): Common | undefined {
    return this.#common;
  }

  /** Nothing that was said before this time, by Telegram's clock, is missing in any line. */
  get completeToSec(): number {
    return this.#completeToSec;
  }

  lastSeen(chat: string): number {
    return this.#lastSeen.get(chat) ?? 0;
  }

  see(chat: string, messageId: number): void {
    this.#lastSeen.set(chat, Math.max(this.lastSeen(chat), messageId));
  }

  /** Where there never was a cursor: from now on. */
  begin(state: CommonState, channels: readonly { channel: ChannelPeer; pts: number }[]): void {
    for (const { channel, pts } of channels) {
      this.channels.set(channel.id, { line: new UpdateLine(pts), accessHash: channel.accessHash, unsearched: false });
    }
    this.#completeToSec = state.dateSec;
    this.#common = { line: new UpdateLine(state.pts), state };
  }

  /** What came after the stored cursor is unknown: it was never known, or the jobs of it may be lost. */
  goBackTo({ common, channels, lastSeen }: UpdateCursor): void {
    if (this.#common === undefined) this.#common = { line: new UpdateLine(common.pts), state: common };
    else this.#common.line.rewind(common.pts);
    this.#completeToSec = common.dateSec;
    for (const [id, { pts, accessHash }] of channels) {
      const known = this.channels.get(id);
      if (known === undefined) this.channels.set(id, { line: new UpdateLine(pts), accessHash, unsearched: false });
      else known.line.rewind(pts);
    }
    // Those that were not stored are met anew, as after a restart.
    for (const id of this.channels.keys()) if (!channels.has(id)) this.channels.delete(id);
    this.#lastSeen.clear();
    for (const [chat, messageId] of lastSeen) this.see(chat, messageId);
  }

  line(id: LineId): UpdateLine | undefined {
    return id === 'common' ? this.#common?.line : this.channels.get(id.slice(1))?.line;
  }

  /** A supergroup that was not known, whose line is at `pts`. */
  meet(id: string, pts: number, accessHash: string | undefined): UpdateLine {
    const line = new UpdateLine(pts);
    this.channels.set(id, { line, accessHash, unsearched: true });
    return line;
  }

  hearTime(dateSec: number): void {
    if (this.#common !== undefined) this.#common.state.dateSec = dateSec;
  }

  /** Everything that was due is done. Voices that are still on their way keep the time where it is. */
  complete(): void {
    if (this.#common === undefined) return;
    const lines = [this.#common.line, ...[...this.channels.values()].map(({ line }) => line)];
    if (lines.every(({ isSettled }) => isSettled)) this.#completeToSec = this.#common.state.dateSec;
  }

  /** What may be stored: how far everything is durable. */
  cursor(): UpdateCursor | undefined {
    if (this.#common === undefined) return undefined;
    const { line: commonLine, state } = this.#common;
    const channels: UpdateCursor['channels'] = new Map();
    for (const [id, { line, accessHash, unsearched }] of this.channels) {
      // What was seen there last says nothing about what came before it.
      if (unsearched || accessHash === undefined) continue;
      this.#seeAll(line);
      channels.set(id, { pts: line.durablePts, accessHash });
    }
    this.#seeAll(commonLine);
    const common = { ...state, pts: commonLine.durablePts, dateSec: this.#completeToSec };
    return { common, channels, lastSeen: new Map(this.#lastSeen) };
  }

  #seeAll(line: UpdateLine): void {
    for (const [chat, messageId] of line.takeNotes()) this.see(chat, messageId);
  }
}
