import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { connectRedis, untilServed } from '../../src/store/connect-redis.js';
import { silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

function served(url: string, signal: AbortSignal): Promise<void> {
  const redis = connectRedis({ url }, silentLog());
  onTestFinished(() => redis.disconnect());
  return untilServed(redis, signal);
}

/** The same server on TCP, where a URL can name user, password and database. */
let port = 0;
beforeAll(async () => {
  for (port = 42_000 + (process.pid % 10_000); ; port += 1) {
    const taken = await context.redis.config('SET', 'port', String(port)).catch((error: unknown) => error);
    if (taken === 'OK') return;
  }
});

test('a server that answers is there', async () => {
  await served(`redis://127.0.0.1:${port}/3`, AbortSignal.timeout(30_000));
});

test('a server that is away is waited for until the wait is ended', async () => {
  const stop = new AbortController();
  const waiting = served('/nowhere/redis.sock', stop.signal);
  stop.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
});

test('a database that is not there is told, not replaced by another', async () => {
  await expect(served(`redis://127.0.0.1:${port}/99`, AbortSignal.timeout(30_000))).rejects.toThrow('DB index');
});

test('a missing and a wrong password are told, not waited for', async () => {
  await context.redis.config('SET', 'requirepass', 'secret');
  onTestFinished(async () => {
    await context.redis.config('SET', 'requirepass', '');
  });
  await expect(served(`redis://127.0.0.1:${port}`, AbortSignal.timeout(30_000))).rejects.toThrow('NOAUTH');
  await expect(served(`redis://:wrong@127.0.0.1:${port}`, AbortSignal.timeout(30_000))).rejects.toThrow('WRONGPASS');
  await served(`redis://:secret@127.0.0.1:${port}`, AbortSignal.timeout(30_000));
});
