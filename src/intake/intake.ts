import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import type { Clock } from '../supervisor/clock.js';
import { peerKey } from '../telegram/peer.js';
import type { IncomingMessage, VoiceMedia } from '../telegram/incoming-message.js';
import { voiceJobOf, type VoiceJob } from '../voice/voice-job.js';
import { voicePolicy } from './voice-policy.js';

export interface IntakeDependencies {
  isTracked(accountId: string, userId: string): Promise<boolean>;
  transcribeOwn: boolean;
  /** ③ Resolves when the job is durable. The same id twice is one job. */
  enqueue(job: VoiceJob): Promise<void>;
  /** Everything that is not a voice to take is offered to the modules. */
  handleCommand(message: IncomingMessage, signal: AbortSignal): Promise<void>;
  clock: Clock;
  log: Logger;
}

/** A Redis that refuses to write (its disk is full) may take the job later. */
const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;

/**
 * ① What turns messages, live or (later) recovered, into jobs. Takes them in at once and in any number; what is under
 * way is finished by `stop`. While Redis is away or refuses to write, the voices wait here, in memory.
 */
export class Intake {
  readonly #deps: IntakeDependencies;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = sharedAbort();

  constructor(deps: IntakeDependencies) {
    this.#deps = deps;
  }

  /** Never throws: an error in one message is contained and logged. */
  take(message: IncomingMessage): void {
    if (this.#stopping.signal.aborted) return;
    const work = this.#handle(message).catch((error: unknown) => {
      this.#deps.log.error(
        { err: error, account: message.accountId, chat: peerKey(message.chat), messageId: message.messageId },
        `a message could not be handled: ${errorText(error)}`,
      );
    });
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Takes no more and resolves when all that was taken in is durable; commands under way are cancelled. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await Promise.all(this.#underWay);
  }

  async #handle(message: IncomingMessage): Promise<void> {
    const { voice } = message;
    const { signal } = this.#stopping;
    if (voice === undefined) return this.#deps.handleCommand(message, signal);
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, MAX_DELAY_MS)) {
      try {
        await this.#takeVoice(message, voice);
        return;
      } catch (error) {
        this.#deps.log.warn({ err: error, delayMs }, `a voice could not be queued, again in ${delayMs / 1000} s: ${errorText(error)}`);
      }
      await this.#deps.clock.sleep(delayMs, signal);
    }
  }

  async #takeVoice(message: IncomingMessage, voice: VoiceMedia): Promise<void> {
    const deps = this.#deps;
    const { accountId, chat, messageId, sender } = message;
    const senderIsTracked = sender !== undefined && !message.outgoing && (await deps.isTracked(accountId, sender.id));
    const decision = voicePolicy({ message, senderIsTracked, transcribeOwn: deps.transcribeOwn });
    const about = { account: accountId, chat: peerKey(chat), messageId };
    if (!decision.take) {
      deps.log.debug({ ...about, because: decision.because }, 'a voice is left alone');
      return;
    }
    await deps.enqueue(voiceJobOf(message, voice, deps.clock.nowMs()));
    deps.log.info({ ...about, kind: voice.kind, durationSec: voice.durationSec }, 'a voice is queued');
  }
}
