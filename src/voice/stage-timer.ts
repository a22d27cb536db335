import type { Clock } from '../supervisor/clock.js';

/** Wall time of each stage, ms. */
export class StageTimer {
  readonly #clock: Clock;
  readonly #stageMs: Record<string, number> = {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get stageMs(): Readonly<Record<string, number>> {
    return { ...this.#stageMs };
  }

  async measure<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const startedAtMs = this.#clock.nowMs();
    try {
      return await work();
    } finally {
      this.#stageMs[stage] = this.#clock.nowMs() - startedAtMs;
    }
  }
}
