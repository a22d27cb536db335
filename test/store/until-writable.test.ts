import { expect, test } from 'vitest';
import { untilWritable } from '../../src/store/until-writable.js';
import { FakeClock } from '../support/fake-clock.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('a Redis with no room left is told of once and waited for, and is gone on with when there is room', async () => {
  const { redis } = context;
  const clock = new FakeClock();
  const told: string[] = [];
  await redis.config('SET', 'maxmemory', '1');
  const waiting = untilWritable(redis, { clock, onFull: (why) => told.push(why) }, new AbortController().signal);
  for (let looks = 1; looks <= 3; looks += 1) {
    await expect.poll(() => clock.asked.length).toBe(looks);
    if (looks === 3) await redis.config('SET', 'maxmemory', '0');
    await clock.advance(5000);
  }
  await waiting;
  expect(told).toEqual([expect.stringContaining('OOM')]);
});

test('the wait ends with the reason of the signal', async () => {
  const { redis } = context;
  await redis.config('SET', 'maxmemory', '1');
  const stop = new AbortController();
  const clock = new FakeClock();
  const waiting = untilWritable(redis, { clock, onFull: () => stop.abort(new Error('stopping')) }, stop.signal);
  await expect(waiting).rejects.toThrow('stopping');
  await redis.config('SET', 'maxmemory', '0');
});
