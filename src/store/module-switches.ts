import type { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.js';

/** Which modules the owner of an account switched on or off; kept over restarts. */
export class ModuleSwitches {
  readonly #redis: Redis;
  readonly #account: string;

  constructor(redis: Redis, account: string) {
    this.#redis = redis;
    this.#account = account;
  }

  /** Undefined where nobody chose. */
  async read(module: string): Promise<'on' | 'off' | undefined> {
    const chosen = await this.#redis.hget(redisKeys.moduleSwitches(this.#account), module);
    return chosen === 'on' || chosen === 'off' ? chosen : undefined;
  }

  async write(module: string, state: 'on' | 'off'): Promise<void> {
    await this.#redis.hset(redisKeys.moduleSwitches(this.#account), module, state);
  }

  /** The module is gone; one of that name that comes later begins anew. */
  async forget(module: string): Promise<void> {
    await this.#redis.hdel(redisKeys.moduleSwitches(this.#account), module);
  }
}
