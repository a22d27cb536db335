import { expect, test } from 'vitest';
import { backoffMs } from '../../src/supervisor/backoff.js';

const policy = { firstMs: 5000, maxMs: 300_000, jitter: 0.2 };

test('without jitter the delays double from the first to the longest and stay there', () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempt) => backoffMs({ ...policy, jitter: 0 }, attempt, () => 0));
  expect(delays).toEqual([5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000]);
});

test('jitter takes away at most its share', () => {
  expect(backoffMs(policy, 1, () => 0)).toBe(5000);
  expect(backoffMs(policy, 1, () => 0.999_999)).toBe(4000);
});
