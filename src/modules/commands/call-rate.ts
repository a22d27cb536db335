/** Calls that somebody other than the owner may make at once, and how soon another one is earned. */
const BURST = 6;
const EARNED_EACH_MS = 10_000;
const MAX_PEOPLE = 1000;

/** Holds people whom the owner permitted to a pace, each for themselves. */
export class CallRate {
  readonly #spent = new Map<string, { calls: number; atMs: number }>();

  /** Whether this call may be made; it is counted only if so. */
  take(person: string, nowMs: number): boolean {
    const { calls, atMs } = this.#spent.get(person) ?? { calls: 0, atMs: nowMs };
    const left = Math.max(0, calls - Math.max(0, nowMs - atMs) / EARNED_EACH_MS);
    if (left > BURST - 1) return false;
    this.#spent.delete(person);
    this.#spent.set(person, { calls: left + 1, atMs: nowMs });
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > MAX_PEOPLE && oldest !== undefined) this.#spent.delete(oldest);
    return true;
  }
}
