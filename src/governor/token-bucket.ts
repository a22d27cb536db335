import type { Budget } from './pace.js';

/** A budget that fills as time goes by. Arithmetic alone: whoever asks says what time it is. */
export class TokenBucket {
  readonly #budget: Budget;
  #tokens: number;
  /** The time for which `#tokens` holds; in the future while the bucket is kept empty. */
  #atMs: number;

  constructor(budget: Budget, nowMs: number) {
    this.#budget = budget;
    this.#tokens = budget.burst;
    this.#atMs = nowMs;
  }

  /** How long until one can be taken and `reserve` are left; 0: now. A reserve never asks for more than the bucket holds. */
  waitMs(nowMs: number, reserve = 0): number {
    this.#fill(nowMs);
    const missing = Math.min(1 + reserve, this.#budget.burst) - this.#tokens;
    if (missing <= 0) return 0;
    return Math.ceil(missing * this.#budget.everyMs) + Math.max(0, this.#atMs - nowMs);
  }

  /** Takes `cost` out, also where that leaves less than nothing: the debt is waited for by the next. */
  take(nowMs: number, cost = 1): void {
    this.#fill(nowMs);
    this.#tokens -= cost;
  }

  /** Leaves nothing in it, and lets nothing in before that time. */
  emptyUntil(untilMs: number): void {
    this.#tokens = Math.min(this.#tokens, 0);
    this.#atMs = Math.max(this.#atMs, untilMs);
  }

  isFull(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#tokens >= this.#budget.burst;
  }

  #fill(nowMs: number): void {
    if (nowMs <= this.#atMs) return;
    this.#tokens = Math.min(this.#budget.burst, this.#tokens + (nowMs - this.#atMs) / this.#budget.everyMs);
    this.#atMs = nowMs;
  }
}
