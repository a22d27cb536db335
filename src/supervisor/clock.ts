import { setTimeout as sleep } from 'node:timers/promises';

/** Time, handed in so that tests need not wait. */
export interface Clock {
  nowMs(): number;
  /** Rejects with the signal's reason when aborted, also when it was aborted before. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

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
