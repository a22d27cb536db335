import type { Redis } from 'ioredis';
import { z } from 'zod';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

const optOutSchema = z.object({ id: z.string(), name: z.string(), sinceMs: z.number() });

const MINUTE_MS = 60_000;
/** Each is two messages; a module may send one every two seconds. */
const ANSWERS_A_MINUTE = 12;

/** They may have taken it back meanwhile. */
const RENAME = `if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end`;

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

  /** Nothing where they are not on the list. */
  async rename(account: string, personId: string, name: string): Promise<void> {
    const key = redisKeys.optOuts(account);
    const before = await this.#redis.hget(key, personId);
    const entry = before === null ? undefined : storedJson(optOutSchema, before);
    if (before === null || entry === undefined) return;
    await this.#redis.eval(RENAME, 1, key, personId, before, JSON.stringify({ ...entry, name }));
  }

  /**
   * Whether the person may be answered about `what`: true once, then not before `afterMs` are over. In a group everybody may
   * say so at once: of all people together so many are answered a minute.
   */
  async mayAnswer(account: string, personId: string, what: string, afterMs: number): Promise<boolean> {
    const isNew = (await this.#redis.set(redisKeys.optOutAnswer(account, personId, what), '1', 'PX', afterMs, 'NX')) === 'OK';
    if (!isNew) return false;
    const key = redisKeys.optOutAnswers(account);
    const [, counted] = (await this.#redis.multi().set(key, 0, 'PX', MINUTE_MS, 'NX').incr(key).exec()) ?? [];
    return Number(counted?.[1]) <= ANSWERS_A_MINUTE;
  }
}
