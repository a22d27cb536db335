import { ReplyError, type Redis } from 'ioredis';
import { errorText } from '../errors.js';
import type { Clock } from '../supervisor/clock.js';
import { redisKeys } from './redis-keys.js';

/** What passes without a change of the configuration: no memory or no disk left, or a replica that will be the master. */
const PASSING = /^(OOM|MISCONF|READONLY|LOADING|TRYAGAIN)/;
const RETRY_MS = 5000;

/**
 * Resolves once the server takes a write. One that is full is told of once and waited for, as one that is away is: the
 * daemon goes on by itself when there is room. @throws ReplyError of ioredis for any other refusal; the signal's reason
 */
export async function untilWritable(
  redis: Redis,
  { clock, onFull }: { clock: Clock; onFull: (why: string) => void },
  signal: AbortSignal,
): Promise<void> {
  for (let told = false; ; told = true) {
    try {
      await redis.set(redisKeys.writeProbe, '1', 'PX', 1);
      return;
    } catch (error) {
      // The first word of a Redis error is its code.
      if (!(error instanceof Error && error instanceof ReplyError && PASSING.test(error.message))) throw error;
      if (!told) onFull(errorText(error));
    }
    await clock.sleep(RETRY_MS, signal);
  }
}
