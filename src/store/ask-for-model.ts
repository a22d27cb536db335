import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Wish } from './model-wishes.js';
import { redisKeys } from './redis-keys.js';

const LOOK_EVERY_SEC = 1;

/**
 * Asks the running daemon for another model, and waits for what it says. Undefined where none listens, or it ended before it
 * answered. `redis` is a connection of the caller's own: it is blocked meanwhile. `onHeard`: a daemon has the wish.
 */
export async function askForModel(model: string, redis: Redis, onHeard: () => void, signal: AbortSignal): Promise<unknown> {
  const channel = redisKeys.modelWishes(redis.options.db ?? 0);
  const wish: Wish = { id: randomUUID(), model };
  const listeners = await redis.publish(channel, JSON.stringify(wish));
  if (listeners === 0) return undefined;
  onHeard();
  for (let isLast = false; ; ) {
    signal.throwIfAborted();
    const answer = await redis.blpop(redisKeys.modelAnswer(wish.id), LOOK_EVERY_SEC);
    if (answer !== null) return JSON.parse(answer[1]);
    if (isLast) return undefined;
    const [, count] = (await redis.pubsub('NUMSUB', channel)) as [string, number];
    // It may have answered and ended between the two questions.
    isLast = count === 0;
  }
}
