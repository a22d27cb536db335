const BURST = 1000;
const PER_SECOND = 200;

/** How much a confined program may say unasked: so many frames at once, and so many a second for long. */
export class FloodGate {
  #left = BURST;
  #atMs: number;

  constructor(private readonly nowMs: () => number) {
    this.#atMs = nowMs();
  }

  /** Whether one more is within bounds. */
  pass(): boolean {
    const nowMs = this.nowMs();
    this.#left = Math.min(BURST, this.#left + ((nowMs - this.#atMs) / 1000) * PER_SECOND);
    this.#atMs = nowMs;
    this.#left -= 1;
    return this.#left >= 0;
  }
}
