import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { RedisHand } from '../../../src/sandbox/chaos/redis-hand.js';
import { RedisServer } from '../../../src/store/redis-server.js';
import { silentLog } from '../../support/silent-log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('what Redis took in the last second is lost, what it took before is there, and it loads what is left', async () => {
  const dir = await temporaryFolder();
  const server = new RedisServer({ dir, log: silentLog() });
  const hand = new RedisHand({ folder: dir, socketPath: server.socketPath });
  await server.start(AbortSignal.timeout(30_000));
  onTestFinished(() => server.stop());
  const redis = new Redis({ path: server.socketPath });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  await redis.set('early', 'kept');
  await hand.start();
  onTestFinished(() => hand.stop());
  const file = join(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof');
  expect(await readFile(file, 'utf8')).toContain('kept');
  await hand.untilSampled(AbortSignal.timeout(10_000));
  const atMs = Date.now();
  await redis.set('late', 'lost');
  const pid = await hand.pid(AbortSignal.timeout(10_000));
  expect(pid).toBe(server.pid);
  process.kill(pid, 'SIGSTOP');
  expect(await hand.loseLastSecond(atMs, 0.5)).toBeGreaterThan(0);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => redis.get('early').catch(() => undefined), { timeout: 20_000 }).toBe('kept');
  expect(await redis.get('late')).toBeNull();
});

test('where nothing was written in the last second, nothing is lost', async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'appendonlydir'));
  await writeFile(join(dir, 'appendonlydir', 'appendonly.aof.1.incr.aof'), 'all of it');
  const hand = new RedisHand({ folder: dir, socketPath: '/nowhere' });
  await hand.start();
  onTestFinished(() => hand.stop());
  await hand.untilSampled(AbortSignal.timeout(10_000));
  expect(await hand.loseLastSecond(Date.now(), 0)).toBe(0);
});
