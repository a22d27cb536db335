import type { IncomingMessage } from '../telegram/incoming-message.js';
import type {
  ChannelDifference,
  ChannelPeer,
  CommonState,
  Dialog,
  Difference,
  UpdateSource,
  VoiceSearch,
} from '../telegram/update-source.js';
import type { GovernedRequest } from './governed-request.js';
import type { Governor } from './governor.js';

/**
 * What was missed, asked for when the governor lets it: waits that Telegram asked for hold over reconnects, and reject with
 * `NotNowError` where they are long. There is no budget: whoever catches up asks for what is due and no more.
 */
export class GovernedUpdateSource implements UpdateSource {
  readonly #inner: UpdateSource;
  readonly #governor: Governor;

  constructor(inner: UpdateSource, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  serverTimeSec(signal: AbortSignal): Promise<number> {
    return this.#run('updates', signal, () => this.#inner.serverTimeSec(signal));
  }

  currentState(signal: AbortSignal): Promise<CommonState> {
    return this.#run('updates', signal, () => this.#inner.currentState(signal));
  }

  difference(since: CommonState, signal: AbortSignal, deadlineMs?: number): Promise<Difference> {
    return this.#run('updates', signal, () => this.#inner.difference(since, signal, deadlineMs));
  }

  channelDifference(channel: ChannelPeer, pts: number, signal: AbortSignal): Promise<ChannelDifference> {
    return this.#run('updates', signal, () => this.#inner.channelDifference(channel, pts, signal));
  }

  dialogs(sinceSec: number, limit: number, signal: AbortSignal): Promise<Dialog[]> {
    return this.#run('search', signal, () => this.#inner.dialogs(sinceSec, limit, signal));
  }

  searchVoices(search: VoiceSearch, signal: AbortSignal): Promise<IncomingMessage[]> {
    return this.#run('search', signal, () => this.#inner.searchVoices(search, signal));
  }

  #run<T>(method: GovernedRequest['method'], signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#governor.run({ method, urgency: 'answer' }, work, signal);
  }
}
