import { errorText, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import { doublingMs } from '../supervisor/backoff.js';
import type { Clock } from '../supervisor/clock.js';
import { peerKey } from '../telegram/peer.js';
import type { IncomingMessage, VoiceMedia } from '../telegram/incoming-message.js';
import type { Origin } from './origin.js';
import { MessageVersions } from './message-versions.js';
import type { ServerClock } from './server-clock.js';

export interface IntakeDependencies {
  /** Resolves when the voice is durable (true), or is to be left alone (false). The same voice twice is one job. */
  takeVoice(message: IncomingMessage, voice: VoiceMedia, origin: Origin): Promise<boolean>;
  /** Every message is offered to the modules, whatever else becomes of it. */
  handleCommand(message: IncomingMessage, signal: AbortSignal): Promise<void>;
  /** A text of somebody else that came while nobody was there, and was not seen live: no command of theirs runs any more. */
  handleLate?(message: IncomingMessage, signal: AbortSignal): Promise<void>;
  /** Voices had to be dropped because Redis took none; now it does: they have to be fetched from Telegram again. */
  onRelief(): void;
  /** An error in one message was contained. */
  onIncident(): void;
  serverClock: ServerClock;
  clock: Clock;
  log: Logger;
  /** How many voices wait in memory while Redis takes none. */
  maxHeld?: number | undefined;
}

/** A Redis that refuses to write (its disk is full) may take the job later. */
const RETRY = { firstMs: 1000, maxMs: 30_000 };
/** A message's date is up to a second behind, and Telegram's clock as we know it up to a second ahead. */
const DATE_MARGIN_MS = 2000;
/** A job is about 1 KB. */
const MAX_HELD = 1000;

/**
 * ① What turns messages, live or recovered, into jobs. Takes them in at once and in any number; what is under way is
 * finished by `stop`. While Redis is away or refuses to write, the voices wait here, in memory, up to a bound; those
 * beyond it are dropped, and fetched from Telegram again once Redis takes voices.
 */
export class Intake {
  readonly #deps: IntakeDependencies;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stopping = sharedAbort();
  /** Whoever writes on behalf of the account tells it before. */
  readonly versions: MessageVersions;
  readonly #startedAtMs: () => number;
  #held = 0;
  #overflowed = false;

  constructor(deps: IntakeDependencies) {
    this.#deps = deps;
    this.#startedAtMs = deps.serverClock.moment();
    this.versions = new MessageVersions({ sinceMs: this.#startedAtMs, nowMs: () => deps.serverClock.nowMs() });
  }

  /**
   * Resolves when the message needs nothing more: a voice is durable (true) or left alone. Rejects where it could not be
   * taken; it has to be offered again then. An error in a command is contained and logged.
   */
  take(message: IncomingMessage, origin: Origin): Promise<boolean> {
    const { signal } = this.#stopping;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const { voice } = message;
    const handled = this.#offered(message, origin, signal);
    if (handled !== undefined) void this.#track(handled).catch((error: unknown) => this.#report(message, error));
    return voice === undefined ? Promise.resolve(false) : this.#track(this.#takeVoice(message, voice, origin));
  }

  /** Takes no more and resolves when all that was taken in is durable; commands under way are cancelled. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await Promise.allSettled(this.#underWay);
  }

  /**
   * What this program wrote, and what was offered before as it is now, is offered no more. Recovered are only new messages
   * of the owner, and of what was written before this process started, or may have been (dates are whole seconds), nobody
   * knows whether an earlier process handled it, so it is not. Telegram may push such a message once more as if it were new: one
   * of the owner's that is certainly older is not offered either, lest what ended the last process end this one.
   */
  #mayOffer(message: IncomingMessage, origin: Origin): boolean {
    const { outgoing, edited, dateMs } = message;
    if (origin === 'recovered' && (!outgoing || edited || dateMs < this.#startedAtMs())) return false;
    if (outgoing && !edited && dateMs + DATE_MARGIN_MS <= this.#startedAtMs()) return false;
    return this.versions.isNews(message);
  }

  #offered(message: IncomingMessage, origin: Origin, signal: AbortSignal): Promise<void> | undefined {
    if (this.#mayOffer(message, origin)) return this.#deps.handleCommand(message, signal);
    const { outgoing, edited, voice } = message;
    const isLate = origin === 'recovered' && !outgoing && !edited && voice === undefined && !this.versions.knows(message);
    return isLate ? this.#deps.handleLate?.(message, signal) : undefined;
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = (): void => void this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  async #takeVoice(message: IncomingMessage, voice: VoiceMedia, origin: Origin): Promise<boolean> {
    const { maxHeld = MAX_HELD, log } = this.#deps;
    if (this.#held >= maxHeld) {
      if (!this.#overflowed) log.warn(`${maxHeld} voices wait for Redis; further ones are fetched from Telegram again once it takes them`);
      this.#overflowed = true;
      throw new RetryableError('too many voices wait for Redis');
    }
    this.#held += 1;
    try {
      return await this.#untilTaken(message, voice, origin);
    } catch (error) {
      this.#report(message, error);
      throw error;
    } finally {
      this.#held -= 1;
      this.#relieve();
    }
  }

  #relieve(): void {
    if (!this.#overflowed || this.#held > 0 || this.#stopping.signal.aborted) return;
    this.#overflowed = false;
    this.#deps.onRelief();
  }

  async #untilTaken(message: IncomingMessage, voice: VoiceMedia, origin: Origin): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const delayMs = doublingMs(RETRY, attempt);
      try {
        return await this.#deps.takeVoice(message, voice, origin);
      } catch (error) {
        this.#deps.log.warn({ err: error, delayMs }, `a voice could not be queued, again in ${delayMs / 1000} s: ${errorText(error)}`);
      }
      await this.#deps.clock.sleep(delayMs, this.#stopping.signal);
    }
  }

  #report({ accountId, chat, messageId }: IncomingMessage, error: unknown): void {
    const about = { err: error, account: accountId, chat: peerKey(chat), messageId };
    this.#deps.onIncident();
    this.#deps.log.error(about, `a message could not be handled: ${errorText(error)}`);
  }
}
