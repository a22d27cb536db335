import { errorText, PermanentError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Clock } from '../supervisor/clock.js';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import { peerKey, type Peer } from '../telegram/peer.js';
import type { ChannelPeer, CommonState, News, UpdateSource } from '../telegram/update-source.js';
import type { Due } from './due.js';
import type { Origin } from './origin.js';
import type { KnownUpdates } from './known-updates.js';

export interface CatchUpDependencies {
  source: UpdateSource;
  intake: { take(message: IncomingMessage, origin: Origin): Promise<boolean> };
  /** Whether voices of this private chat can be of interest: where Telegram has forgotten, only such chats are searched. */
  concerns: (chat: Peer) => Promise<boolean>;
  onNews: (news: News) => void;
  /** Some of it is done. */
  onProgress: () => void;
  known: KnownUpdates;
  due: Due;
  clock: Clock;
  log: Logger;
}

/** `forgotten`: the line goes on from a later state, from where there may be more. */
type CommonOutcome = 'more' | 'done' | 'forgotten';

/** Between two chats of a long catching up, so that it looks like a person's device. */
const PAUSE_MS = 200;
export const MAX_DIALOGS = 500;

/**
 * Asks Telegram for what is due. A line moves on only when all that was told of it is durable. Not to be run while the
 * known lines go back to the stored cursor, nor twice at once.
 */
export class CatchUp {
  readonly #deps: CatchUpDependencies;
  #messages = 0;
  #voices = 0;

  constructor(deps: CatchUpDependencies) {
    this.#deps = deps;
  }

  /** Resolves when nothing is due any more, or a reload is. */
  async run(signal: AbortSignal): Promise<void> {
    const { due } = this.#deps;
    if (due.common) await this.#common(signal);
    if (due.dialogs) await this.#dialogs(signal);
    for (const id of due.channels) {
      if (due.reload) return;
      await this.#channel(id, signal);
      if (due.channels.size > 0) await this.#deps.clock.sleep(PAUSE_MS, signal);
    }
  }

  /** What was found since it was asked last: messages of all kinds, and voices that became jobs. */
  takeCounts(): { messages: number; voices: number } {
    const counts = { messages: this.#messages, voices: this.#voices };
    this.#messages = 0;
    this.#voices = 0;
    return counts;
  }

  /** From where the common line is to be asked for. */
  commonState(): CommonState {
    const { common } = this.#deps.known;
    if (common === undefined) throw new RetryableError('the state of the updates is not known yet');
    return { ...common.state, pts: common.line.pts };
  }

  async #common(signal: AbortSignal): Promise<void> {
    const { due } = this.#deps;
    due.common = false;
    try {
      for (let outcome: CommonOutcome = 'more'; outcome !== 'done' && !due.reload; ) {
        const before = outcome;
        outcome = await this.#commonPart(signal);
        if (outcome === 'forgotten' && before === 'forgotten') throw new RetryableError('Telegram forgets what it has just told');
      }
    } catch (error) {
      due.common = true;
      throw error;
    }
  }

  async #commonPart(signal: AbortSignal): Promise<CommonOutcome> {
    const { known, source, onNews, onProgress } = this.#deps;
    const { common } = known;
    if (common === undefined) return 'done';
    const { line } = common;
    const { pts: from, furthest } = line;
    const answer = await source.difference(this.commonState(), signal);
    if (answer.kind === 'too-long') return await this.#commonForgotten(signal);
    if (answer.kind === 'empty') {
      known.hearTime(answer.dateSec);
      // What looked like a gap when it was asked is none: Telegram knows of nothing after this.
      if (line.furthest === furthest) line.jump(from);
      return 'done';
    }
    answer.news.forEach(onNews);
    await this.#takeAll(answer.messages);
    line.cover(from, answer.state.pts);
    // By the time Telegram tells, with the last part, which supergroups have news: until then it stays.
    common.state = { ...answer.state, dateSec: common.state.dateSec };
    if (answer.isLast) known.hearTime(answer.state.dateSec);
    onProgress();
    return answer.isLast ? 'done' : 'more';
  }

  /** Telegram has forgotten what happened since: the chats are searched, and the line goes on from what it is by now. */
  async #commonForgotten(signal: AbortSignal): Promise<'forgotten'> {
    const { known, source, concerns, clock, due, log } = this.#deps;
    const { common } = known;
    log.warn('Telegram does not know any more what happened since; the chats are searched for voices');
    const state = await source.currentState(signal);
    for (const { chat } of await source.dialogs(known.completeToSec, MAX_DIALOGS, signal)) {
      if (chat.kind === 'channel' || (chat.kind === 'user' && !(await concerns(chat)))) continue;
      await this.#containing(chat, () => this.#search(chat, signal));
      await clock.sleep(PAUSE_MS, signal);
    }
    if (common !== undefined) {
      common.line.jump(state.pts);
      // The time stays: by it Telegram tells which supergroups have news.
      common.state = { ...state, dateSec: common.state.dateSec };
      due.dialogs = true;
    }
    return 'forgotten';
  }

  async #dialogs(signal: AbortSignal): Promise<void> {
    const { due, known, source, onNews } = this.#deps;
    due.dialogs = false;
    try {
      for (const { chat, pts } of await source.dialogs(known.completeToSec, MAX_DIALOGS, signal)) {
        if (chat.kind !== 'channel' || pts === undefined) continue;
        const channel = known.channels.get(chat.id);
        if (channel !== undefined) channel.accessHash = chat.accessHash;
        // Telegram counts anew, or the list is older than what came since: the supergroup itself knows.
        if (channel !== undefined && pts < channel.line.pts) due.add(`c${chat.id}`);
        onNews({ line: `c${chat.id}`, pts, channel: chat });
      }
    } catch (error) {
      due.dialogs = true;
      throw error;
    }
  }

  async #channel(id: string, signal: AbortSignal): Promise<void> {
    const { known, due, onProgress } = this.#deps;
    const channel = known.channels.get(id);
    if (channel?.accessHash === undefined) {
      // Gone, or a place that is not among the account's chats.
      known.channels.delete(id);
    } else {
      const chat: ChannelPeer = { kind: 'channel', id, accessHash: channel.accessHash };
      const isCaughtUp = await this.#containing(chat, async () => {
        while (!due.reload && (await this.#channelPart(chat, signal)) === 'more');
      });
      if (due.reload) return;
      if (!isCaughtUp) channel.line.jump(channel.line.furthest);
    }
    due.channels.delete(id);
    onProgress();
  }

  async #channelPart(chat: ChannelPeer, signal: AbortSignal): Promise<'more' | 'done'> {
    const { known, source } = this.#deps;
    const channel = known.channels.get(chat.id);
    if (channel === undefined) return 'done';
    const { line } = channel;
    if (channel.unsearched) {
      await this.#search(chat, signal);
      channel.unsearched = false;
    }
    const { pts: from, furthest } = line;
    const answer = await source.channelDifference(chat, from, signal);
    if (answer.kind === 'gone') {
      known.channels.delete(chat.id);
      return 'done';
    }
    if (answer.kind === 'too-long') await this.#search(chat, signal);
    else await this.#takeAll(answer.messages);
    if (answer.kind === 'too-long') {
      line.jump(answer.pts);
      return 'done';
    }
    line.cover(from, answer.pts);
    if (!answer.isLast) return 'more';
    if (line.furthest === furthest) line.jump(line.pts);
    return 'done';
  }

  async #search(chat: Peer, signal: AbortSignal): Promise<void> {
    const { known, source } = this.#deps;
    const key = peerKey(chat);
    const search = { chat, aboveId: known.lastSeen(key), sinceSec: known.completeToSec };
    const messages = await source.searchVoices(search, signal);
    await this.#takeAll(messages);
    const last = messages.at(-1);
    if (last !== undefined) known.see(key, last.messageId);
  }

  /** One after another, so that only one waits in memory where Redis takes none. */
  async #takeAll(messages: readonly IncomingMessage[]): Promise<void> {
    for (const message of messages) {
      this.#messages += 1;
      if (await this.#deps.intake.take(message, 'recovered')) this.#voices += 1;
    }
  }

  /** What Telegram refuses of one chat must not keep the others from being caught up with. False where it did refuse. */
  async #containing(chat: Peer, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      this.#deps.log.warn({ err: error, chat: peerKey(chat) }, `a chat could not be caught up with: ${errorText(error)}`);
      return false;
    }
  }
}
