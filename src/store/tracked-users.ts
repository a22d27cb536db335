import type { Redis } from 'ioredis';
import { z } from 'zod';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

const trackedUserSchema = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string().optional(),
  sinceMs: z.number(),
});

/** Someone whose voice messages are written down. */
export type TrackedUser = z.infer<typeof trackedUserSchema>;

/** Who is tracked, per account. */
export class TrackedUsers {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** False where the person was tracked already (name and user name are then brought up to date). */
  async add(account: string, user: TrackedUser): Promise<boolean> {
    return (await this.#redis.hset(redisKeys.trackedUsers(account), user.id, JSON.stringify(user))) === 1;
  }

  /** False where the person was not tracked. */
  async remove(account: string, userId: string): Promise<boolean> {
    return (await this.#redis.hdel(redisKeys.trackedUsers(account), userId)) === 1;
  }

  async has(account: string, userId: string): Promise<boolean> {
    return (await this.#redis.hexists(redisKeys.trackedUsers(account), userId)) === 1;
  }

  /** Oldest first. Somebody of whom no more can be read than the id stays in the list, to be taken off it. */
  async list(account: string): Promise<TrackedUser[]> {
    const stored = await this.#redis.hgetall(redisKeys.trackedUsers(account));
    return Object.entries(stored)
      .map(([id, json]) => ({ ...(storedJson(trackedUserSchema, json) ?? { name: id, sinceMs: 0 }), id }))
      .sort((one, other) => one.sinceMs - other.sinceMs || one.id.localeCompare(other.id));
  }

  async count(account: string): Promise<number> {
    return this.#redis.hlen(redisKeys.trackedUsers(account));
  }
}
