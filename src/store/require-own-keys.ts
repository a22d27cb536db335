import type { Redis } from 'ioredis';
import { SetupError } from '../errors.js';
import { redisKeys } from './redis-keys.js';

/**
 * Nothing can be kept under a key that somebody else uses for something else: every command on it would fail, each in its
 * own place and time. @throws SetupError naming the keys
 */
export async function requireOwnKeys(redis: Redis, account: string): Promise<void> {
  const wanted: Record<string, string> = {
    [redisKeys.settings]: 'hash',
    [redisKeys.trackedUsers(account)]: 'hash',
    [redisKeys.outcomes(account)]: 'hash',
    [redisKeys.updates(account)]: 'hash',
    [redisKeys.backlog(account)]: 'hash',
    [redisKeys.backlogQuestion(account)]: 'string',
    [redisKeys.languages(account)]: 'hash',
    [redisKeys.vocabulary(account)]: 'hash',
    [redisKeys.deliveries(account)]: 'hash',
    [redisKeys.models(account)]: 'hash',
    [redisKeys.speakers(account)]: 'hash',
    [redisKeys.accessRules(account)]: 'hash',
    [redisKeys.accessMembers(account)]: 'hash',
    [redisKeys.lease(account)]: 'string',
    [redisKeys.leaseToken(account)]: 'string',
    [redisKeys.stopped(account)]: 'hash',
    [redisKeys.deadLetters(account)]: 'hash',
    [redisKeys.deadLetterTimes(account)]: 'zset',
    [redisKeys.floodWaits(account)]: 'zset',
  };
  const strange: string[] = [];
  for (const [key, type] of Object.entries(wanted)) {
    const found = await redis.type(key);
    if (found !== 'none' && found !== type) strange.push(`${key} (a ${found}, not a ${type})`);
  }
  if (strange.length === 0) return;
  throw new SetupError(
    `In Redis something else stands where this program keeps its own: ${strange.join(', ')}`,
    'Use another database (REDIS_URL ends with its number), or remove those keys with redis-cli.',
  );
}
