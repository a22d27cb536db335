import type { Logger } from '../log/logger.js';

export interface QuietWorkOptions {
  /** How long nothing must have happened. */
  afterMs: number;
  /** Resolves with false where it has to be done at another quiet moment; ends at once when the signal is aborted. */
  work: (signal: AbortSignal) => Promise<boolean>;
  schedule: (run: () => void, delayMs: number) => () => void;
  log: Logger;
}

const MAX_DOUBLINGS = 8;

/**
 * Work that is done once, when there is nothing else to do, and that gives way at once when there is. It begins anew each time;
 * so each time that it had to give way, the next quiet must last twice as long: where voices come often, long work would
 * never end, and never let the machine rest.
 */
export class QuietWork {
  #isDone = false;
  #interruptions = 0;
  #cancel: () => void = () => undefined;
  #running: { abort: AbortController; ended: Promise<void> } | undefined;

  constructor(private readonly options: QuietWorkOptions) {}

  /** It is quiet from now on. */
  quiet(): void {
    this.#cancel();
    if (this.#isDone || this.#running !== undefined) return;
    this.#cancel = this.options.schedule(() => this.#begin(), this.options.afterMs * 2 ** this.#interruptions);
  }

  /** It is no longer quiet; resolves when the work has given way. */
  async giveWay(): Promise<void> {
    this.#cancel();
    this.#running?.abort.abort(new Error('there is something more urgent'));
    await this.#running?.ended;
  }

  /** There is something new to do at the next quiet moment. */
  again(): void {
    this.#isDone = false;
    this.#interruptions = 0;
  }

  #begin(): void {
    const abort = new AbortController();
    this.#running = { abort, ended: this.#run(abort.signal).finally(() => (this.#running = undefined)) };
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      this.#isDone = await this.options.work(signal);
    } catch (error) {
      if (signal.aborted) {
        this.#interruptions = Math.min(this.#interruptions + 1, MAX_DOUBLINGS);
        return;
      }
      // Not tried again: what fails by itself would fail at every quiet moment.
      this.#isDone = true;
      this.options.log.warn({ err: error }, 'the engine could not be tuned; it works with as many threads as there are cores');
    }
  }
}
