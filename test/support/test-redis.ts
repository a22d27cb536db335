import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { connectRedis } from '../../src/store/connect-redis.js';
import { RedisServer } from '../../src/store/redis-server.js';
import { silentLog } from './silent-log.js';

/** A real redis-server for the tests of one file, empty at the start. */
export function testRedis(): { redis: Redis; server: RedisServer } {
  const context = {} as { redis: Redis; server: RedisServer };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gramscribe-redis-'));
    context.server = new RedisServer({ dir: folder, log: silentLog() });
    await context.server.start(AbortSignal.timeout(30_000));
    context.redis = connectRedis({ url: context.server.socketPath }, silentLog());
  });
  afterAll(async () => {
    context.redis.disconnect();
    await context.server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return context;
}
