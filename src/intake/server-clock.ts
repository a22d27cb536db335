import type { Clock } from '../supervisor/clock.js';

/** Telegram tells whole seconds: it may be this much later than it says. */
const ROUNDED_OFF_MS = 999;

/**
 * Telegram's time, by which the age of its messages is told: the time of day of this machine may be wrong, and be set. As
 * far as Telegram has told it, it is never behind, and at most a second ahead.
 */
export class ServerClock {
  readonly #steady: Pick<Clock, 'nowMs'>;
  #aheadMs: number;

  /** `steady` is not moved by setting the time of day; `guessMs` is taken for the time until Telegram has told it. */
  constructor(steady: Pick<Clock, 'nowMs'>, guessMs = steady.nowMs()) {
    this.#steady = steady;
    this.#aheadMs = guessMs - steady.nowMs();
  }

  learn(dateSec: number): void {
    this.#aheadMs = dateSec * 1000 + ROUNDED_OFF_MS - this.#steady.nowMs();
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
