import { expect, test } from 'vitest';
import { backoffMs, RECONNECT_BACKOFF } from '../../src/supervisor/backoff.js';

test('without jitter the delays double from 5 s to 300 s and stay there', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempt) => backoffMs({ ...RECONNECT_BACKOFF, jitter: 0 }, attempt, () => 0));
  expect(delays).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
});

test('jitter takes away at most its share', () => {
  expect(backoffMs(RECONNECT_BACKOFF, 1, () => 0)).toBe(5000);
  expect(backoffMs(RECONNECT_BACKOFF, 1, () => 0.999_999)).toBe(4000);
});
