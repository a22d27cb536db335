import type { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.js';

/** What the owner chose at run time; it wins over the environment. */
export class RuntimeSettings {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Undefined where none was chosen, or what stands there cannot be a name. */
  async model(): Promise<string | undefined> {
    const name = await this.#redis.hget(redisKeys.settings, 'model');
    return name !== null && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name) ? name : undefined;
  }

  async chooseModel(name: string): Promise<void> {
    await this.#redis.hset(redisKeys.settings, 'model', name);
  }
}
