import { expect, test } from 'vitest';
import { FloodWaits } from '../../src/store/flood-waits.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('waits are read back by another process with what is left of them, without those that are over', async () => {
  let nowMs = 1_800_000_000_000;
  const before = new FloodWaits(context.redis, 'main', () => nowMs);
  await before.save('write', 300_000);
  await before.save('send@c7', 90_000);
  nowMs += 100_000;
  const after = new FloodWaits(context.redis, 'main', () => nowMs);
  expect(await after.load()).toEqual([{ scope: 'write', remainingMs: 200_000 }]);
  expect(await new FloodWaits(context.redis, 'other', () => nowMs).load()).toEqual([]);
});

test('a shorter wait does not take a longer one back', async () => {
  const waits = new FloodWaits(context.redis, 'longer', () => 1000);
  await waits.save('write', 300_000);
  await waits.save('write', 60_000);
  expect(await waits.load()).toEqual([{ scope: 'write', remainingMs: 300_000 }]);
});

test('a machine whose clock was a year ahead when the wait was written is not kept waiting for a year', async () => {
  const day = 24 * 3_600_000;
  const nowMs = 1_800_000_000_000;
  await new FloodWaits(context.redis, 'ahead', () => nowMs + 365 * day).save('write', 300_000);
  expect(await new FloodWaits(context.redis, 'ahead', () => nowMs).load()).toEqual([{ scope: 'write', remainingMs: day }]);
});
