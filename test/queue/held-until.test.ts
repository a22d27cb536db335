import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heldUntilMs, holdOfScore } from '../../src/queue/held-until.js';
import '../support/fixed-seed.js';

const NOW_MS = Date.UTC(2026, 10, 21);

test('what is put into the line is read out of it the same, with whatever number BullMQ adds within the millisecond', () => {
  const wait = fc.integer({ min: -90 * 86_400_000, max: 90 * 86_400_000 });
  fc.assert(
    fc.property(wait, fc.boolean(), fc.nat(4095), (waitMs, holdsChat, added) => {
      const hold = { notBeforeMs: NOW_MS + waitMs, holdsChat };
      expect(holdOfScore(heldUntilMs(hold) * 4096 + added, NOW_MS)).toEqual(hold);
    }),
  );
});

test('no job leaves the line by itself, also when the clock is set forward by half a year', () => {
  expect(heldUntilMs({ notBeforeMs: NOW_MS, holdsChat: false })).toBeGreaterThan(NOW_MS + 180 * 86_400_000);
});
