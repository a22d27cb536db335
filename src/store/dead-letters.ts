import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DeadLetter } from '../voice/dead-letter.js';
import { isVoiceJob, type VoiceJob } from '../voice/voice-job.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

/** More than anybody reads; the oldest make room. */
export const MAX_DEAD_LETTERS = 1000;

/** As much as the list and a retry need; the rest is kept as it is. */
const letterSchema = z.looseObject({ jobId: z.string(), job: z.custom<VoiceJob>(isVoiceJob), reason: z.string(), cause: z.string(), tries: z.number(), atMs: z.number() });

/** The voices of an account that could not be written down, until somebody retries or drops them. */
export class DeadLetters {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** One for each job: a later end of the same job takes the place of the earlier. */
  async add(letter: DeadLetter): Promise<void> {
    const { accountId } = letter.job;
    const [letters, times] = [redisKeys.deadLetters(accountId), redisKeys.deadLetterTimes(accountId)];
    await this.#redis
      .multi()
      .hset(letters, letter.jobId, JSON.stringify(letter))
      .zadd(times, letter.atMs, letter.jobId)
      .exec();
    const surplus = await this.#redis.zrange(times, 0, -MAX_DEAD_LETTERS - 1);
    if (surplus.length > 0) await this.#redis.multi().hdel(letters, ...surplus).zrem(times, ...surplus).exec();
  }

  async find(accountId: string, jobId: string): Promise<DeadLetter | undefined> {
    const stored = await this.#redis.hget(redisKeys.deadLetters(accountId), jobId);
    return letterOf(stored);
  }

  /** Oldest first. What cannot be read is left out. */
  async list(accountId: string): Promise<DeadLetter[]> {
    const stored = await this.#redis.hvals(redisKeys.deadLetters(accountId));
    return stored.flatMap((json) => letterOf(json) ?? []).sort((one, other) => one.atMs - other.atMs);
  }

  async count(accountId: string): Promise<number> {
    return this.#redis.hlen(redisKeys.deadLetters(accountId));
  }

  /** False where there was none. */
  async remove(accountId: string, jobId: string): Promise<boolean> {
    const removed = await this.#redis.hdel(redisKeys.deadLetters(accountId), jobId);
    await this.#redis.zrem(redisKeys.deadLetterTimes(accountId), jobId);
    return removed === 1;
  }
}

function letterOf(json: string | null): DeadLetter | undefined {
  return storedJson(letterSchema, json) as DeadLetter | undefined;
}
