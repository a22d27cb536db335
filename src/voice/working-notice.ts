import { errorText, RetryableError } from '../errors.js';
import { linkedAbort } from '../linked-abort.js';
import type { Logger } from '../log/logger.js';
import type { FormattedText } from '../telegram/formatted-text.js';
import { progressText } from './reply-text/progress-text.js';
import { sendPart } from './send-part.js';
import type { Progress, VoiceDependencies } from './voice-dependencies.js';
import { voiceJobId, type VoiceJob } from './voice-job.js';

/** Telegram shows "typing" for about 6 s. */
const TYPING_EVERY_MS = 5000;
/** Faster edits of one message are what floods come from. */
const EDIT_EVERY_MS = 3000;

/**
 * Shows in the chat that a voice is being worked on: "typing" from the start, and after `progressAfterMs` a message with
 * the progress, which is part 1 of the answer and later becomes it. A courtesy: when it fails, that is logged and the
 * work goes on.
 */
export class WorkingNotice {
  readonly #job: VoiceJob;
  readonly #deps: VoiceDependencies;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  /** Aborted when the whole job is given up: then no answer follows in this process. */
  readonly #workSignal: AbortSignal;
  readonly #signal: AbortSignal;
  readonly #unlink: () => void;
  readonly #done: Promise<unknown>;
  #progress: Progress | undefined;

  constructor(job: VoiceJob, deps: VoiceDependencies, log: Logger, signal: AbortSignal) {
    this.#job = job;
    this.#deps = deps;
    this.#log = log;
    this.#workSignal = signal;
    ({ signal: this.#signal, unlink: this.#unlink } = linkedAbort(signal, this.#stop.signal));
    this.#done = Promise.all([this.#guarded(() => this.#keepTyping()), this.#guarded(() => this.#keepEditing())]);
  }

  update(progress: Progress): void {
    this.#progress = progress;
  }

  /** Resolves when nothing of it is under way any more, so that no late edit overwrites the answer. Idempotent. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#unlink();
  }

  async #keepTyping(): Promise<void> {
    const { accountId, chat } = this.#job;
    for (;;) {
      await this.#deps.gatewayFor(accountId).sendTyping(chat, this.#signal);
      await this.#deps.clock.sleep(TYPING_EVERY_MS, this.#signal);
    }
  }

  async #keepEditing(): Promise<void> {
    await this.#deps.clock.sleep(this.#deps.progressAfterMs, this.#signal);
    if (await this.#mayStandAlready()) return;
    let shown: string | undefined;
    for (;;) {
      const text = progressText(this.#deps.texts.reply, this.#shownProgress());
      if (text.text !== shown && (await this.#shows(text))) shown = text.text;
      await this.#deps.clock.sleep(EDIT_EVERY_MS, this.#signal);
    }
  }

  /** An answer of an earlier run, for all that can be known before there is a text to compare it with. */
  async #mayStandAlready(): Promise<boolean> {
    const { accountId, chat, messageId, mayBeAnswered } = this.#job;
    if (mayBeAnswered !== true || (await this.#deps.receipts.read(voiceJobId(this.#job))).parts.has(1)) return false;
    return (await this.#deps.gatewayFor(accountId).findReplies(chat, messageId, this.#signal)).length > 0;
  }

  /** False where it cannot go at once: the next text will. */
  async #shows(text: FormattedText): Promise<boolean> {
    const { receipts } = this.#deps;
    const deps = { gatewayFor: (accountId: string) => this.#deps.gatewayFor(accountId, 'progress'), receipts };
    try {
      const { parts } = await receipts.read(voiceJobId(this.#job));
      // `stop` does not abort an RPC on its way: it must be known what stands in the chat before the answer goes there.
      await sendPart({ job: this.#job, part: 1, text, sentAs: parts.get(1) }, deps, this.#workSignal);
      return true;
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      this.#log.debug({ err: error }, `progress is skipped: ${errorText(error)}`);
      return false;
    }
  }

  #shownProgress(): { doneMs: number; totalMs: number; partialText?: string } {
    const { doneMs = 0, totalMs = 0, segments = [] } = this.#progress ?? {};
    const partialText = segments.map((segment) => segment.text.trim()).join(' ');
    return { doneMs, totalMs, ...(partialText === '' ? {} : { partialText }) };
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#signal.aborted) this.#log.info({ err: error }, `no progress shown: ${errorText(error)}`);
    }
  }
}
