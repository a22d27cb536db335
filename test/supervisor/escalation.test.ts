import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escalation } from '../../src/supervisor/escalation.js';

test('one failure is an accident, a second one in a row starts from scratch, and the stated time ends it', () => {
  expect(escalation({ connects: 1, forMs: 0 }, 1000)).toBe('reconnect');
  expect(escalation({ connects: 2, forMs: 999 }, 1000)).toBe('rebuild');
  expect(escalation({ connects: 2, forMs: 1000 }, 1000)).toBe('leave');
});

test('no time is long enough to leave after a single failure, and nobody climbs down by failing more', () => {
  const rungs = ['reconnect', 'rebuild', 'leave'];
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(10), fc.nat(1000), (forMs, leaveAfterMs, connects, more, longer) => {
      expect(escalation({ connects: 1, forMs }, leaveAfterMs)).toBe('reconnect');
      const before = escalation({ connects, forMs }, leaveAfterMs);
      const after = escalation({ connects: connects + more, forMs: forMs + longer }, leaveAfterMs);
      expect(rungs.indexOf(after)).toBeGreaterThanOrEqual(rungs.indexOf(before));
    }),
  );
});
