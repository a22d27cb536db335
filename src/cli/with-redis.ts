import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Config } from '../config/load-config.js';
import { SetupError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { connectRedis } from '../store/connect-redis.js';
import { FolderInUseError, lockDataFolder } from '../store/data-folder-lock.js';
import { RedisServer } from '../store/redis-server.js';

/**
 * Gives `work` the Redis that the daemon keeps its state in, wherever it is: that of REDIS_URL, that of the daemon that runs
 * on the data folder, or, where none runs, one that is started for this.
 */
export async function withRedis<T>(
  { config, log }: { config: Config; log: Logger },
  work: (redis: Redis) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (config.redisUrl !== undefined) return connected(config.redisUrl, log, work);
  const server = new RedisServer({ dir: join(config.dataDir, 'redis'), log });
  const release = await lockDataFolder(config.dataDir).catch((error: unknown) => {
    if (error instanceof FolderInUseError) return undefined;
    throw error;
  });
  if (release === undefined) return connected(server.socketPath, log, work);
  try {
    await server.start(signal);
    return await connected(server.socketPath, log, work);
  } finally {
    await server.stop();
    await release();
  }
}

const DEADLINE_MS = 5000;

async function connected<T>(url: string, log: Logger, work: (redis: Redis) => Promise<T>): Promise<T> {
  // The connection says itself that it is away, again and again; here one error at the end is enough.
  const redis = connectRedis({ url }, log.child({}, { level: 'silent' }));
  const waiting = new AbortController();
  const late = sleep(DEADLINE_MS, undefined, { signal: waiting.signal }).then(() => {
    throw new SetupError('Redis does not answer; `npm run doctor` says why', 'npm run doctor');
  });
  try {
    await Promise.race([redis.ping(), late]);
    waiting.abort();
    return await work(redis);
  } finally {
    waiting.abort();
    redis.disconnect();
  }
}
