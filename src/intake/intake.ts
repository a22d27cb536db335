import { errorText, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import { doublingMs } from '../supervisor/backoff.js';
import type { Clock } from '../supervisor/clock.js';
import { peerKey, type Peer } from '../telegram/peer.js';
import type { IncomingMessage, VoiceMedia } from '../telegram/incoming-message.js';
import { voiceJobOf, type VoiceJob } from '../voice/voice-job.js';
import { backlogDecision, type BacklogPolicy, type SetAsideBecause } from './backlog-policy.js';
import { RecentKeys } from './recent-keys.js';
import type { ServerClock } from './server-clock.js';
import { voicePolicy } from './voice-policy.js';

/** How a message was found: as it came, or afterwards, in what Telegram tells of the time without a connection. */
export type Origin = 'live' | 'recovered';

export interface IntakeDependencies {
  isTracked(accountId: string, userId: string): Promise<boolean>;
  transcribeOwn: boolean;
  backlog: BacklogPolicy;
  /** ③ Resolves when the job is durable. The same id twice is one job. */
  enqueue(job: VoiceJob): Promise<void>;
  /** Resolves when it is durable that the owner is to decide about the voice. */
  setAside(job: VoiceJob, because: SetAsideBecause): Promise<void>;
  /** Everything that is not a voice to take is offered to the modules. */
  handleCommand(message: IncomingMessage, signal: AbortSignal): Promise<void>;
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
/** A job is about 1 KB. */
const MAX_HELD = 1000;
const REMEMBERED_MESSAGES = 5000;

/**
 * ① What turns messages, live or recovered, into jobs. Takes them in at once and in any number; what is under way is
 * finished by `stop`. While Redis is away or refuses to write, the voices wait here, in memory, up to a bound; those
 * beyond it are dropped, and fetched from Telegram again once Redis takes voices.
 */
export class Intake {
  readonly #deps: IntakeDependencies;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #stopping = sharedAbort();
  /** Commands that were run, and messages that we sent ourselves. */
  readonly #handled = new RecentKeys(REMEMBERED_MESSAGES);
  readonly #startedAtMs: () => number;
  #held = 0;
  #overflowed = false;

  constructor(deps: IntakeDependencies) {
    this.#deps = deps;
    this.#startedAtMs = deps.serverClock.moment();
  }

  /**
   * Resolves when the message needs nothing more: a voice is durable (true) or left alone. Rejects where it could not be
   * taken; it has to be offered again then. An error in a command is contained and logged.
   */
  take(message: IncomingMessage, origin: Origin): Promise<boolean> {
    const { signal } = this.#stopping;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const { voice } = message;
    if (voice !== undefined) return this.#track(this.#takeVoice(message, voice, origin));
    if (this.#mayHandle(message, origin)) {
      void this.#track(this.#deps.handleCommand(message, signal)).catch((error: unknown) => this.#report(message, error));
    }
    return Promise.resolve(false);
  }

  /** A message of the owner's account that this program wrote: whatever it says, it is no command. */
  ignore(chat: Peer, messageId: number): void {
    this.#handled.add(`${peerKey(chat)}:${messageId}`);
  }

  /** Takes no more and resolves when all that was taken in is durable; commands under way are cancelled. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await Promise.allSettled(this.#underWay);
  }

  /**
   * A message that is recovered may have been seen before, by this process or by an earlier one. Each is handled once;
   * and of what was written before this process started, or may have been (dates are whole seconds), nobody knows whether
   * it was handled, so it is not.
   */
  #mayHandle({ chat, messageId, outgoing, edited, dateMs }: IncomingMessage, origin: Origin): boolean {
    if (origin === 'recovered' && dateMs < this.#startedAtMs()) return false;
    if (!outgoing || edited) return origin === 'live';
    return this.#handled.add(`${peerKey(chat)}:${messageId}`);
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
        return await this.#decide(message, voice, origin);
      } catch (error) {
        this.#deps.log.warn({ err: error, delayMs }, `a voice could not be queued, again in ${delayMs / 1000} s: ${errorText(error)}`);
      }
      await this.#deps.clock.sleep(delayMs, this.#stopping.signal);
    }
  }

  async #decide(message: IncomingMessage, voice: VoiceMedia, origin: Origin): Promise<boolean> {
    const deps = this.#deps;
    const { accountId, chat, messageId, sender } = message;
    const senderIsTracked = sender !== undefined && !message.outgoing && (await deps.isTracked(accountId, sender.id));
    const decision = voicePolicy({ message, senderIsTracked, transcribeOwn: deps.transcribeOwn });
    const about = { account: accountId, chat: peerKey(chat), messageId };
    if (!decision.take) {
      deps.log.debug({ ...about, because: decision.because }, 'a voice is left alone');
      return false;
    }
    const job = voiceJobOf(message, voice, deps.clock.nowMs());
    const ageMs = origin === 'live' ? 0 : deps.serverClock.nowMs() - message.dateMs;
    const late = backlogDecision(deps.backlog, ageMs);
    if (late.action === 'set-aside') {
      await deps.setAside(job, late.because);
      return true;
    }
    await deps.enqueue(late.action === 'record' ? { ...job, delivery: 'silent' } : job);
    deps.log.info({ ...about, kind: voice.kind, durationSec: voice.durationSec }, 'a voice is queued');
    return true;
  }

  #report({ accountId, chat, messageId }: IncomingMessage, error: unknown): void {
    const about = { err: error, account: accountId, chat: peerKey(chat), messageId };
    this.#deps.onIncident();
    this.#deps.log.error(about, `a message could not be handled: ${errorText(error)}`);
  }
}
