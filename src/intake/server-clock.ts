import type { Clock } from '../supervisor/clock.js';

/** Telegram's time, by which the age of its messages is told: the clock of this machine may be wrong. */
export class ServerClock {
  readonly #clock: Clock;
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  learn(dateSec: number): void {
    this.#aheadMs = dateSec * 1000 - this.#clock.nowMs();
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#aheadMs;
  }

  /** A moment of this machine's clock as Telegram's. */
  at(localMs: number): number {
    return localMs + this.#aheadMs;
  }
}
