import type { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.js';

/** What the owner chose at run time; it wins over the environment. */
export class RuntimeSettings {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async model(): Promise<string | undefined> {
    return (await this.#redis.hget(redisKeys.settings, 'model')) ?? undefined;
  }

  async chooseModel(name: string): Promise<void> {
    await this.#redis.hset(redisKeys.settings, 'model', name);
  }
}
