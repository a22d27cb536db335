import type { Clock } from './clock.js';

export interface ReachDependencies {
  /** Resolves where the other side answers; has a deadline of its own. */
  reach: (signal: AbortSignal) => Promise<void>;
  clock: Clock;
}

/** A question a second: so soon is it noticed that the network is back. They may overlap, as answers may be slow. */
const PACE_MS = 1000;
/** While it answers there is nothing to be noticed, and nobody likes to be asked each second. */
const ANSWERED_PACE_MS = 10_000;

/** Whether the other side can be reached, watched over a time. */
export class Reachability {
  #isGone: boolean;
  #answers = false;
  readonly #deps: ReachDependencies;

  /** @param isGone whether it is taken to be out of reach until the opposite is known */
  constructor(deps: ReachDependencies, isGone: boolean) {
    this.#deps = deps;
    this.#isGone = isGone;
  }

  /** True where it was out of reach at any time since this was made. */
  get wasGone(): boolean {
    return this.#isGone;
  }

  /**
   * Resolves when it can be reached again after it could not; never where it can be reached all along. Rejects with the
   * signal's reason.
   */
  untilBack(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#watch(resolve, signal).catch(reject);
    });
  }

  async #watch(isBack: () => void, signal: AbortSignal): Promise<never> {
    const { reach, clock } = this.#deps;
    const ask = async (): Promise<void> => {
      try {
        await reach(signal);
        this.#answers = true;
        if (this.#isGone) isBack();
      } catch {
        // Whatever the reason, it cannot be reached now; an abort is seen by the watch itself.
        if (signal.aborted) return;
        this.#answers = false;
        this.#isGone = true;
      }
    };
    for (;;) {
      void ask();
      await clock.sleep(PACE_MS, signal);
      if (this.#answers) await clock.sleep(ANSWERED_PACE_MS - PACE_MS, signal);
    }
  }
}
