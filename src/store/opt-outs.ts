import type { Redis } from 'ioredis';
import { z } from 'zod';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

const optOutSchema = z.object({ id: z.string(), name: z.string(), sinceMs: z.number() });

/** Someone who does not want their voices to be written down. */
export type OptOut = z.infer<typeof optOutSchema>;

/** Who does not want to be transcribed, per account; and who was told so already. */
export class OptOuts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** False where they had said so before. */
  async add(account: string, person: OptOut): Promise<boolean> {
    return (await this.#redis.hsetnx(redisKeys.optOuts(account), person.id, JSON.stringify(person))) === 1;
  }

  /** False where they had not said so. */
  async remove(account: string, personId: string): Promise<boolean> {
    return (await this.#redis.hdel(redisKeys.optOuts(account), personId)) === 1;
  }

  async has(account: string, personId: string): Promise<boolean> {
    return (await this.#redis.hexists(redisKeys.optOuts(account), personId)) === 1;
  }

  /** Oldest first. */
  async list(account: string): Promise<OptOut[]> {
    const stored = Object.entries(await this.#redis.hgetall(redisKeys.optOuts(account)));
    return stored
      .map(([id, json]) => ({ ...(storedJson(optOutSchema, json) ?? { name: id, sinceMs: 0 }), id }))
      .sort((one, other) => one.sinceMs - other.sinceMs);
  }

  /** Whether the person may be answered about `what`: true once, then not before `afterMs` are over. */
  async mayAnswer(account: string, personId: string, what: string, afterMs: number): Promise<boolean> {
    return (await this.#redis.set(redisKeys.optOutAnswer(account, personId, what), '1', 'PX', afterMs, 'NX')) === 'OK';
  }
}
