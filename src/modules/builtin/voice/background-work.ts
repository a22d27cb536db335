import { sharedAbort } from '../../../shared-abort.js';

/** Work that nobody waits for, but that ends with the module. */
export class BackgroundWork {
  #stopping = sharedAbort();
  readonly #underWay = new Set<Promise<void>>();

  /** Begins it; `onFailure` hears of its rejection unless it was ended. */
  do(work: (signal: AbortSignal) => Promise<void>, onFailure: (error: unknown) => void): void {
    const { signal } = this.#stopping;
    const done = work(signal)
      .catch((error: unknown) => {
        if (!signal.aborted) onFailure(error);
      })
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Ends what is under way; resolves when it has. The module may start again after it. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the module stops'));
    await Promise.all(this.#underWay);
    this.#stopping = sharedAbort();
  }
}
