import { expect, test } from 'vitest';
import { RedisPulse } from '../../src/store/redis-pulse.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('a Redis that is there answers; one that is gone does not, and does again when it is back', async () => {
  const pulse = new RedisPulse(context.redis);
  await expect.poll(() => pulse.answers()).toBe(true);
  process.kill(context.server.pid ?? 0, 'SIGKILL');
  await expect.poll(() => context.redis.status).not.toBe('ready');
  expect(await pulse.answers()).toBe(false);
  await expect.poll(() => pulse.answers(), { timeout: 30_000 }).toBe(true);
});

test('a Redis that hangs is asked once, however often one wants to know', async () => {
  const pulse = new RedisPulse(context.redis);
  const pid = context.server.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  try {
    const first = pulse.answers();
    expect(pulse.answers()).toBe(first);
    expect(await Promise.race([first, new Promise((resolve) => setImmediate(resolve, 'nothing'))])).toBe('nothing');
    process.kill(pid, 'SIGCONT');
    expect(await first).toBe(true);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});
