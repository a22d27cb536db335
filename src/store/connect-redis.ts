import { Redis, ReplyError } from 'ioredis';
import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';

/** `url`: redis://…, rediss://…, unix://PATH or the path of a socket. */
export interface RedisAddress {
  url: string;
}

/**
 * A connection that never gives up: commands wait while Redis is away and run when it is back, so that what was taken
 * in is held and not lost. Retries every 50 ms … 2 s. A change of state is one line in the log, not one a retry.
 */
export function connectRedis({ url }: RedisAddress, log: Logger): Redis {
  const redis = new Redis({
    ...redisOptions(url),
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), 2000),
    // The first word of a Redis error is its code. LOADING, READONLY: there, but cannot serve yet; try again anew.
    reconnectOnError: (error) => (/^(LOADING|READONLY)/.test(error.message) ? 2 : false),
  });
  let away = false;
  redis.on('error', (error) => {
    if (!away) log.warn({ err: error }, `Redis is away (${errorText(error)}); work waits for it`);
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  return redis;
}

/**
 * Resolves when the server serves this connection; while it is away, this waits. Called right after `connectRedis`.
 * @throws ReplyError of ioredis where the server refuses us (password, user, number of the database); the signal's reason
 */
export function untilServed(redis: Redis, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      redis.off('ready', onReady).off('error', onError);
      signal.removeEventListener('abort', onAbort);
      outcome();
    };
    const onReady = (): void => settle(resolve);
    // A refusal is told before `ready`, which then comes all the same: ioredis would go on with database 0.
    const onError = (error: Error): void => (error instanceof ReplyError ? settle(() => reject(error)) : undefined);
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    redis.on('ready', onReady).on('error', onError);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

/** Where the server is and how to sign in, as ioredis takes it. `url` as in `RedisAddress`. */
export function redisOptions(url: string): Record<string, unknown> {
  return url.startsWith('/') || url.startsWith('unix://') ? { path: url.replace(/^unix:\/\//, '') } : fromUrl(url);
}

/** ioredis reads a URL only as its own argument; as options, so that ours can stand beside it. */
function fromUrl(url: string): Record<string, unknown> {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(/^\/\d+$/.test(pathname) ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
