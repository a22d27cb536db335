import { AppError } from '../../errors.js';
import type { Clock } from '../../supervisor/clock.js';

/** A command took longer than it may. */
export class DeadlinePassed extends AppError {
  constructor(readonly afterMs: number) {
    super(`not done within ${afterMs / 1000} s`);
  }
}

/** The time that a command may take; what it waits for a person is not counted. */
export class Deadline {
  readonly #passed = new AbortController();
  readonly #ms: number;
  readonly #clock: Clock;
  #leftMs: number;
  #sinceMs = 0;
  #wait = new AbortController();
  #stopped = false;

  constructor(ms: number, clock: Clock) {
    this.#ms = ms;
    this.#leftMs = ms;
    this.#clock = clock;
    this.resume();
  }

  /** Aborted with `DeadlinePassed` when the time is over. */
  get signal(): AbortSignal {
    return this.#passed.signal;
  }

  resume(): void {
    if (this.#stopped) return;
    this.#sinceMs = this.#clock.nowMs();
    this.#wait = new AbortController();
    const { signal } = this.#wait;
    this.#clock.sleep(this.#leftMs, signal).then(
      () => this.#passed.abort(new DeadlinePassed(this.#ms)),
      // Paused, or done in time.
      () => undefined,
    );
  }

  pause(): void {
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.nowMs() - this.#sinceMs));
    this.#wait.abort();
  }

  /** For good. */
  stop(): void {
    this.#stopped = true;
    this.#wait.abort();
  }
}
