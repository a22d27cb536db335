import { uptime } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time, handed in so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  /** Rejects with the signal's reason when aborted, also when it was aborted before. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The time of day: what people and Telegram go by. It may be set on or back at any moment. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};

/** Time that only ever goes on: how long something took or may take. It stands still while the machine sleeps. */
export const monotonicClock: Clock = { ...systemClock, nowMs: () => performance.now() };

/** Time since the machine was started, its sleep counted; setting the time of day does not move it. To 10 ms. */
export const bootClock: Clock = { ...systemClock, nowMs: () => uptime() * 1000 };
