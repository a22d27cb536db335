import type { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.js';

/** What was chosen of modules' settings, as text by key. */
export class StoredModuleSettings {
  readonly #redis: Redis;
  readonly #account: string;

  constructor(redis: Redis, account: string) {
    this.#redis = redis;
    this.#account = account;
  }

  async read(module: string): Promise<Readonly<Record<string, string>>> {
    return this.#redis.hgetall(redisKeys.moduleSettings(this.#account, module));
  }

  /** All of it or nothing: a text is written, undefined is removed. */
  async write(module: string, changes: Readonly<Record<string, string | undefined>>): Promise<void> {
    const key = redisKeys.moduleSettings(this.#account, module);
    const transaction = this.#redis.multi();
    for (const [setting, text] of Object.entries(changes)) {
      if (text === undefined) transaction.hdel(key, setting);
      else transaction.hset(key, setting, text);
    }
    for (const [error] of (await transaction.exec()) ?? []) if (error !== null) throw error;
  }
}
