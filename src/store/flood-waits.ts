import type { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.js';

/** As with jobs that wait, after a day Telegram is asked again: a time of day that was wrong when it was written must hold nobody longer. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Long waits that Telegram asked for, per account, so that a restart is no way around them. */
export class FloodWaits {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #nowMs: () => number;

  /** `nowMs`: the time of day, for what is read by another process, maybe days later. */
  constructor(redis: Redis, account: string, nowMs: () => number) {
    this.#redis = redis;
    this.#key = redisKeys.floodWaits(account);
    this.#nowMs = nowMs;
  }

  /** Those that are not over. One without an end is none of Telegram's. */
  async load(): Promise<{ scope: string; remainingMs: number }[]> {
    const nowMs = this.#nowMs();
    const found = await this.#redis.zrangebyscore(this.#key, `(${nowMs}`, '(+inf', 'WITHSCORES');
    return Array.from({ length: found.length / 2 }, (_, index) => ({
      scope: found[2 * index] ?? '',
      remainingMs: Math.min(Number(found[2 * index + 1]) - nowMs, LONGEST_WAIT_MS),
    }));
  }

  /** A longer wait that is known stays. Those that are over are removed. */
  async save(scope: string, waitMs: number): Promise<void> {
    const nowMs = this.#nowMs();
    await this.#redis.multi().zadd(this.#key, 'GT', nowMs + waitMs, scope).zremrangebyscore(this.#key, '-inf', nowMs).exec();
  }
}
