import { RetryableError } from '../../../src/errors.js';
import type { Clock } from '../../../src/supervisor/clock.js';
import type { IncomingMessage } from '../../../src/telegram/incoming-message.js';
import { peerKey, type Peer } from '../../../src/telegram/peer.js';
import type {
  ChannelDifference,
  ChannelPeer,
  CommonState,
  Dialog,
  Difference,
  LineId,
  LiveEvent,
  News,
  UpdateSource,
  VoiceSearch,
} from '../../../src/telegram/update-source.js';
import { message, voiceMessage } from '../../support/messages.js';

interface Line {
  pts: number;
  forgottenPts: number;
  lastDateSec: number;
  topId: number;
  events: { pts: number; message: IncomingMessage }[];
}

const PART = 3;

/** Telegram as far as updates go, in memory: lines, their journals, and the questions about them. */
export class TelegramModel implements UpdateSource {
  readonly chats: readonly Peer[] = [
    { kind: 'user', id: '5', accessHash: '55' },
    { kind: 'group', id: '7' },
    { kind: 'channel', id: '1', accessHash: '11' },
    { kind: 'channel', id: '2', accessHash: '22' },
  ];
  readonly said: IncomingMessage[] = [];
  /** So many of the next questions fail. */
  failures = 0;
  readonly #lines = new Map<LineId, Line>();

  constructor(private readonly clock: Clock) {}

  get nowSec(): number {
    return Math.floor(this.clock.nowMs() / 1000);
  }

  /** Somebody who is tracked says something; the event that tells it. */
  say(chat: Peer, isVoice: boolean): LiveEvent {
    const id = lineOf(chat);
    const line = this.#line(id);
    line.pts += 1;
    line.topId += 1;
    line.lastDateSec = this.nowSec;
    const over = { chat, messageId: line.topId, dateMs: this.nowSec * 1000 };
    const said = isVoice ? voiceMessage(over) : message({ ...over, text: 'words' });
    line.events.push({ pts: line.pts, message: said });
    this.said.push(said);
    const place = { line: id, pts: line.pts, ptsCount: 1 };
    return { place, message: Promise.resolve(said), ...(chat.kind === 'channel' ? { channel: chat } : {}) };
  }

  forget(chat: Peer): void {
    const line = this.#line(lineOf(chat));
    line.forgottenPts = line.pts;
  }

  async serverTimeSec(signal: AbortSignal): Promise<number> {
    await this.#answers(signal);
    return this.nowSec;
  }

  async currentState(signal: AbortSignal): Promise<CommonState> {
    await this.#answers(signal);
    return this.#state(this.#line('common').pts);
  }

  async difference(since: CommonState, signal: AbortSignal): Promise<Difference> {
    await this.#answers(signal);
    const line = this.#line('common');
    if (since.pts < line.forgottenPts || since.pts > line.pts) return { kind: 'too-long' };
    const missed = line.events.filter(({ pts }) => pts > since.pts);
    const part = missed.slice(0, PART);
    const isLast = part.length === missed.length;
    const news = isLast ? this.#channelsSince(since.dateSec) : [];
    if (missed.length === 0 && news.length === 0) return { kind: 'empty', dateSec: this.nowSec, seq: 1 };
    const state = this.#state(part.at(-1)?.pts ?? line.pts);
    return { kind: 'part', messages: part.map((event) => event.message), news, state, isLast };
  }

  async channelDifference(channel: ChannelPeer, since: number, signal: AbortSignal): Promise<ChannelDifference> {
    await this.#answers(signal);
    const line = this.#line(lineOf(channel));
    if (since < line.forgottenPts) return { kind: 'too-long', pts: line.pts };
    const missed = line.events.filter(({ pts }) => pts > since);
    const part = missed.slice(0, PART);
    const isLast = part.length === missed.length;
    return { kind: 'part', messages: part.map((event) => event.message), pts: part.at(-1)?.pts ?? line.pts, isLast };
  }

  async dialogs(sinceSec: number, _limit: number, signal: AbortSignal): Promise<Dialog[]> {
    await this.#answers(signal);
    return this.chats.flatMap((chat): Dialog[] => {
      const { pts, lastDateSec, topId } = this.#line(lineOf(chat));
      // A chat in which nobody has spoken is one that the account is not in yet.
      if (lastDateSec < sinceSec || topId === 0) return [];
      if (chat.kind !== 'channel') return [{ chat, chatKind: chat.kind === 'user' ? 'private' : 'group', lastDateSec }];
      return [{ chat, chatKind: 'supergroup', lastDateSec, pts }];
    });
  }

  async searchVoices({ chat, aboveId, sinceSec }: VoiceSearch, signal: AbortSignal): Promise<IncomingMessage[]> {
    await this.#answers(signal);
    return this.said.filter(
      (one) =>
        one.voice !== undefined &&
        peerKey(one.chat) === peerKey(chat) &&
        one.messageId > aboveId &&
        one.dateMs >= sinceSec * 1000,
    );
  }

  async #answers(signal: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    if (this.failures === 0) return;
    this.failures -= 1;
    throw new RetryableError('no answer');
  }

  #channelsSince(sec: number): News[] {
    return this.chats.flatMap((chat): News[] => {
      if (chat.kind !== 'channel') return [];
      const { pts, lastDateSec } = this.#line(lineOf(chat));
      return lastDateSec >= sec && pts > 1 ? [{ line: lineOf(chat), pts, channel: chat }] : [];
    });
  }

  #state(pts: number): CommonState {
    return { pts, qts: 0, dateSec: this.nowSec, seq: 1 };
  }

  #line(id: LineId): Line {
    const line = this.#lines.get(id) ?? { pts: 1, forgottenPts: 1, lastDateSec: 0, topId: 0, events: [] };
    this.#lines.set(id, line);
    return line;
  }
}

function lineOf(chat: Peer): LineId {
  return chat.kind === 'channel' ? `c${chat.id}` : 'common';
}
