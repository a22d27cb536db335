/** After so many requests an old one counts half. */
const HALF_LIFE_REQUESTS = 10;

/** How fast the engine was lately: its time per time of sound. */
export class RecentSpeed {
  #audioMs = 0;
  #tookMs = 0;

  add(audioMs: number, tookMs: number): void {
    const fading = 0.5 ** (1 / HALF_LIFE_REQUESTS);
    this.#audioMs = this.#audioMs * fading + audioMs;
    this.#tookMs = this.#tookMs * fading + tookMs;
  }

  /** Undefined before the first request. */
  get realTimeFactor(): number | undefined {
    return this.#audioMs === 0 ? undefined : this.#tookMs / this.#audioMs;
  }
}
