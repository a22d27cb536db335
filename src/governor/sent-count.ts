const HOUR_MS = 3_600_000;

/** How much went out in the last minute and hour. Times are the caller's. */
export class SentCount {
  #timesMs: number[] = [];

  add(nowMs: number): void {
    this.#forgetOld(nowMs);
    this.#timesMs.push(nowMs);
  }

  /** `withinMs`: at most an hour. */
  count(withinMs: number, nowMs: number): number {
    this.#forgetOld(nowMs);
    return this.#timesMs.filter((atMs) => atMs > nowMs - withinMs).length;
  }

  #forgetOld(nowMs: number): void {
    const firstKept = this.#timesMs.findIndex((atMs) => atMs > nowMs - HOUR_MS);
    this.#timesMs = firstKept < 0 ? [] : this.#timesMs.slice(firstKept);
  }
}
