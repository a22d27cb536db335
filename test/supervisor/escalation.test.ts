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
    fc.property(fc.record({ connects: fc.nat(), forMs: fc.nat() }), fc.nat(), fc.nat(10), fc.nat(1000), (failing, limitMs, more, longer) => {
      expect(escalation({ ...failing, connects: 1 }, limitMs)).toBe('reconnect');
      const before = escalation(failing, limitMs);
      const after = escalation({ connects: failing.connects + more, forMs: failing.forMs + longer }, limitMs);
      expect(rungs.indexOf(after)).toBeGreaterThanOrEqual(rungs.indexOf(before));
    }),
  );
});
