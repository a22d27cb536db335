import type { DeadLetters } from '../store/dead-letters.js';
import type { Receipt } from '../store/receipts.js';
import type { DeadLetter } from '../voice/dead-letter.js';
import type { VoiceOutcome } from '../voice/voice-dependencies.js';
import type { VoiceQueue } from './voice-queue.js';

export interface FailedVoicesDependencies {
  queue: Pick<VoiceQueue, 'addAgain' | 'find' | 'remove'>;
  deadLetters: Pick<DeadLetters, 'find' | 'list' | 'remove'>;
  receipts: {
    read(jobId: string): Promise<Receipt>;
    reopen(jobId: string): Promise<void>;
    markDone(jobId: string, atMs: number, outcome: VoiceOutcome): Promise<void>;
  };
  nowMs: () => number;
}

/** `again`: it runs once more; `under-way`: it has not ended; `unknown`: nothing failed under this id. */
export type RetryOutcome = 'again' | 'under-way' | 'unknown';

/** What a person can do about voices that could not be written down. Works in any process that has the daemon's Redis. */
export class FailedVoices {
  readonly #deps: FailedVoicesDependencies;

  constructor(deps: FailedVoicesDependencies) {
    this.#deps = deps;
  }

  /**
   * Runs a failed voice once more; what stands in the chat for it is edited. Killed at any point, it can be called again:
   * the letter goes last.
   */
  async retry(accountId: string, jobId: string): Promise<RetryOutcome> {
    const { queue, receipts, deadLetters } = this.#deps;
    const letter = await deadLetters.find(accountId, jobId);
    if (letter === undefined) return (await this.#isUnderWay(jobId)) ? 'under-way' : 'unknown';
    if (await this.#isUnderWay(jobId)) return 'under-way';
    await receipts.reopen(jobId);
    await queue.addAgain(letter.job);
    await deadLetters.remove(accountId, jobId);
    return 'again';
  }

  /** Takes a failed voice off the list, or one that waits out of the line; it is never written down then. */
  async drop(accountId: string, jobId: string): Promise<boolean> {
    const { queue, receipts, deadLetters, nowMs } = this.#deps;
    if (await deadLetters.remove(accountId, jobId)) return true;
    const found = await queue.find(jobId);
    if (found?.state !== 'waiting' && found?.state !== 'delayed') return false;
    if (!(await queue.remove(jobId))) return false;
    await receipts.markDone(jobId, nowMs(), 'dropped');
    return true;
  }

  list(accountId: string): Promise<DeadLetter[]> {
    return this.#deps.deadLetters.list(accountId);
  }

  async #isUnderWay(jobId: string): Promise<boolean> {
    const found = await this.#deps.queue.find(jobId);
    return found !== undefined && found.state !== 'done';
  }
}
