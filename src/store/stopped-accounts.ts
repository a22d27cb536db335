import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.js';

/** A session that Telegram refused for good. */
export interface StoppedAccount {
  /** Telegram's word for it: `SESSION_REVOKED`. */
  code: string;
  atMs: number;
}

/**
 * Remembers which session of an account was refused for good, so that a restart does not ask Telegram about it again and
 * again. Kept by a fingerprint: a new sign-in has another session, and is free of it.
 */
export class StoppedAccounts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async record(account: string, session: string, { code, atMs }: StoppedAccount): Promise<void> {
    await this.#redis.hset(redisKeys.stopped(account), { code, atMs: String(atMs), session: fingerprint(session) });
  }

  /** Why this session was refused; undefined where it was not, or where it was another one. */
  async find(account: string, session: string): Promise<StoppedAccount | undefined> {
    const { code, atMs, session: refused } = await this.#redis.hgetall(redisKeys.stopped(account));
    return code !== undefined && refused === fingerprint(session) ? { code, atMs: Number(atMs) } : undefined;
  }
}

/** Says whether two sessions are the same and nothing else of them: a session holds 256 random bytes. */
function fingerprint(session: string): string {
  return createHash('sha256').update(session.trim()).digest('hex').slice(0, 32);
}
