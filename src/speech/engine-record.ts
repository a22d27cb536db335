const CRASH_LOOP_FAILURES = 3;
/** One sound that the engine dies of is tried for some minutes; what is longer ago says nothing of the engine now. */
const FORGET_AFTER_MS = 15 * 60_000;

/** How the engine's requests ended, as far as it tells whether the next one will do. `nowMs` is any clock that never steps. */
export class EngineRecord {
  #failures = 0;
  #lastFailureAtMs = 0;

  constructor(private readonly nowMs: () => number) {}

  /** It gave an answer, were it only a refusal. */
  answered(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    this.#lastFailureAtMs = this.nowMs();
  }

  /** How many requests in a row have failed until now; 0 where that is no crash loop, or long ago. */
  get crashLoop(): number {
    const isRecent = this.nowMs() - this.#lastFailureAtMs < FORGET_AFTER_MS;
    return this.#failures >= CRASH_LOOP_FAILURES && isRecent ? this.#failures : 0;
  }

  /** The crash loop in words, for `Engine.trouble`; undefined where there is none. */
  get trouble(): string | undefined {
    return this.crashLoop === 0 ? undefined : `failed ${this.crashLoop} times in a row`;
  }
}
