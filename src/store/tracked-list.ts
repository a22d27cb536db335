import type { Redis } from 'ioredis';
import { z } from 'zod';
import { storedJson } from './stored-json.js';

const trackedSchema = z.object({
  id: z.string(),
  name: z.string(),
  username: z.string().optional(),
  sinceMs: z.number(),
  untilMs: z.number().optional(),
});

/** Someone, or a chat in which everyone is, whose voice messages are written down. `id`: that of the person, or the key of the chat (`c1`). */
export type Tracked = z.infer<typeof trackedSchema>;

/** Who is tracked, or where, per account. What was tracked until a time that is over is not in it any more, from that very moment. */
export class TrackedList {
  readonly #redis: Redis;
  readonly #keyOf: (account: string) => string;
  readonly #nowMs: () => number;

  constructor(redis: Redis, keyOf: (account: string) => string, nowMs: () => number = Date.now) {
    this.#redis = redis;
    this.#keyOf = keyOf;
    this.#nowMs = nowMs;
  }

  /** False where it was tracked already (name and time are then brought up to date; since when stays). */
  async add(account: string, entry: Tracked): Promise<boolean> {
    const before = await this.find(account, entry.id);
    await this.#redis.hset(this.#keyOf(account), entry.id, JSON.stringify({ ...entry, sinceMs: before?.sinceMs ?? entry.sinceMs }));
    return before === undefined;
  }

  /** False where it was not tracked. */
  async remove(account: string, id: string): Promise<boolean> {
    const before = await this.find(account, id);
    await this.#redis.hdel(this.#keyOf(account), id);
    return before !== undefined;
  }

  async has(account: string, id: string): Promise<boolean> {
    return (await this.find(account, id)) !== undefined;
  }

  async find(account: string, id: string): Promise<Tracked | undefined> {
    const stored = await this.#redis.hget(this.#keyOf(account), id);
    return stored === null ? undefined : this.#read(id, stored);
  }

  /** Oldest first. What can no more be read than by its id stays in the list, to be taken off it. */
  async list(account: string): Promise<Tracked[]> {
    const stored = await this.#redis.hgetall(this.#keyOf(account));
    return Object.entries(stored)
      .flatMap(([id, json]) => this.#read(id, json) ?? [])
      .sort((one, other) => one.sinceMs - other.sinceMs || one.id.localeCompare(other.id));
  }

  async count(account: string): Promise<number> {
    return (await this.list(account)).length;
  }

  /** Undefined where its time is over. */
  #read(id: string, json: string): Tracked | undefined {
    const entry: Tracked = { ...(storedJson(trackedSchema, json) ?? { name: id, sinceMs: 0 }), id };
    return entry.untilMs !== undefined && entry.untilMs <= this.#nowMs() ? undefined : entry;
  }
}
