import { RetryableError } from '../../errors.js';
import { doublingMs } from '../../supervisor/backoff.js';
import type { Clock } from '../../supervisor/clock.js';

const RETRY = { firstMs: 1000, maxMs: 30_000 };
const GIVE_UP_AFTER_MS = 10 * 60_000;

/** Does it again while that may help: an answer must not be lost to a short outage. Only what may be done twice belongs here. */
export async function untilDelivered<T>(work: () => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  const startedMs = clock.nowMs();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RetryableError) || clock.nowMs() - startedMs > GIVE_UP_AFTER_MS) throw error;
      await clock.sleep(Math.max(error.retryAfterMs ?? 0, doublingMs(RETRY, attempt)), signal);
    }
  }
}
