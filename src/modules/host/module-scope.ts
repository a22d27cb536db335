import { ModuleStoppedError } from '../../errors.js';
import { linkedAbort } from '../../linked-abort.js';
import { sharedAbort } from '../../shared-abort.js';

/**
 * One run of a module, from its start to its stop. All that the module is given to do and all that it asks for goes through
 * here, so that after `end` nothing of it is waited for and nothing more is done for it.
 */
export class ModuleScope {
  readonly #module: string;
  readonly #ended = sharedAbort();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(module: string) {
    this.#module = module;
  }

  /** Aborted when the run ends. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Rejects at once where the run has ended or the signal is aborted, also meanwhile, whatever the work still does then. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, given: AbortSignal = this.signal): Promise<T> {
    const { signal, unlink } = linkedAbort(this.signal, given);
    try {
      signal.throwIfAborted();
      return await Promise.race([this.#track(work(signal)), rejectedBy(signal)]);
    } finally {
      unlink();
    }
  }

  /** Ends the run; resolves when what was under way in it has ended too. Idempotent. */
  async end(): Promise<void> {
    this.#ended.abort(new ModuleStoppedError(this.#module));
    await Promise.allSettled(this.#underWay);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = (): void => void this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
