const BURST = { frames: 1000, bytes: 16 * 1024 ** 2 };
const PER_SECOND = { frames: 200, bytes: 2 * 1024 ** 2 };

/** How much a confined program may say: so much at once, and so much a second for long. */
export class FloodGate {
  readonly #left = { ...BURST };
  #atMs: number;

  constructor(private readonly nowMs: () => number) {
    this.#atMs = nowMs();
  }

  /** Whether one more frame that nobody asked for is within bounds. */
  pass(): boolean {
    return this.#spend('frames', 1);
  }

  /** Whether so many bytes more are: they are read on the thread that everything else waits for. */
  passBytes(count: number): boolean {
    return this.#spend('bytes', count);
  }

  #spend(what: keyof typeof BURST, amount: number): boolean {
    const nowMs = this.nowMs();
    const seconds = (nowMs - this.#atMs) / 1000;
    this.#atMs = nowMs;
    for (const each of ['frames', 'bytes'] as const) this.#left[each] = Math.min(BURST[each], this.#left[each] + seconds * PER_SECOND[each]);
    this.#left[what] -= amount;
    return this.#left[what] >= 0;
  }
}
