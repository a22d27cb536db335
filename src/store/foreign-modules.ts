import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

/** The modules of others that the owner loaded: what was pinned of each, as JSON of the form that is handed in. */
export class ForeignModuleStore<T> {
  readonly #redis: Redis;
  readonly #account: string;
  readonly #schema: z.ZodType<T>;

  constructor(redis: Redis, account: string, schema: z.ZodType<T>) {
    this.#redis = redis;
    this.#account = account;
    this.#schema = schema;
  }

  /** By name. One whose record cannot be read is as good as not loaded: `undefined`. */
  async list(): Promise<Map<string, T | undefined>> {
    const stored = await this.#redis.hgetall(redisKeys.foreignModules(this.#account));
    return new Map(Object.entries(stored).map(([name, json]) => [name, storedJson(this.#schema, json)]));
  }

  async save(name: string, pinned: T): Promise<void> {
    await this.#redis.hset(redisKeys.foreignModules(this.#account), name, JSON.stringify(pinned));
  }

  async remove(name: string): Promise<void> {
    await this.#redis.hdel(redisKeys.foreignModules(this.#account), name);
  }

  /** All that is kept in its name, and who was permitted to use it: another module of that name is not to find it. */
  async forgetData(name: string): Promise<void> {
    const rules = redisKeys.accessRules(this.#account);
    // `ruleId`: for whom, the module, what of it.
    const given = (await this.#redis.hkeys(rules)).filter((id) => id.split(' ')[1] === name);
    if (given.length > 0) await this.#redis.hdel(rules, ...given);
    const account = this.#account;
    const keys = [redisKeys.moduleStore, redisKeys.moduleStoreVersion, redisKeys.moduleSettings, redisKeys.shownChats].map((key) => key(account, name));
    await this.#redis.del(...keys);
  }

  /** The chats that a module was shown a message of. */
  shownChats(name: string): { load(): Promise<string[]>; add(chat: string, atMs: number, keep: number): Promise<void> } {
    const key = redisKeys.shownChats(this.#account, name);
    return {
      load: () => this.#redis.zrange(key, 0, -1),
      add: async (chat, atMs, keep) => {
        await this.#redis.multi().zadd(key, atMs, chat).zremrangebyrank(key, 0, -keep - 1).exec();
      },
    };
  }
}
