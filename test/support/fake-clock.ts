import type { Clock } from '../../src/supervisor/clock.js';

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  readonly #sleepers = new Set<{ untilMs: number; wake: () => void }>();
  /** Every sleep that was asked for, in order, ms. */
  readonly asked: number[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.asked.push(ms);
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const sleeper = {
        untilMs: this.#nowMs + ms,
        wake: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Moves time on and wakes whoever is due; resolves when what they do at once is done. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.untilMs > this.#nowMs) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settle();
  }

  /** Lets time pass in small steps, as it does: whoever sleeps again and again is woken again and again. */
  async pass(ms: number, stepMs = 1000): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) await this.advance(Math.min(stepMs, leftMs));
  }
}

/** Lets everything run that only waits for promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
