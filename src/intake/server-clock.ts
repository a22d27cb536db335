import type { Clock } from '../supervisor/clock.js';

/** Telegram's time, by which the age of its messages is told: the time of day of this machine may be wrong, and be set. */
export class ServerClock {
  readonly #steady: Pick<Clock, 'nowMs'>;
  #aheadMs: number;

  /** `steady` is not moved by setting the time of day; `guessMs` is taken for the time until Telegram has told it. */
  constructor(steady: Pick<Clock, 'nowMs'>, guessMs = steady.nowMs()) {
    this.#steady = steady;
    this.#aheadMs = guessMs - steady.nowMs();
  }

  learn(dateSec: number): void {
    this.#aheadMs = dateSec * 1000 - this.#steady.nowMs();
  }

  nowMs(): number {
    return this.#steady.nowMs() + this.#aheadMs;
  }

  /** This moment: what time it was, told as well as it is known when that is asked. */
  moment(): () => number {
    const atMs = this.#steady.nowMs();
    return () => atMs + this.#aheadMs;
  }
}
