import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chaosPlan, PLACES, SPEAKERS } from '../../../src/sandbox/chaos/chaos-plan.js';
import { describeFault, groupOf } from '../../../src/sandbox/chaos/fault.js';
import { FAULTS } from '../../../src/sandbox/chaos/fault-catalogue.js';

const clips = { clipIds: ['one', 'two'], longClipIds: ['long'] };

test('a plan is a function of its seed, and another seed is another plan', () => {
  const plan = (seed: number) => chaosPlan({ seed, voices: 50, ...clips });
  expect(plan(1)).toEqual(plan(1));
  expect(plan(2)).not.toEqual(plan(1));
});

test('a longer run begins as the shorter one', () => {
  expect(chaosPlan({ seed: 7, voices: 90, ...clips }).slice(0, 30)).toEqual(chaosPlan({ seed: 7, voices: 30, ...clips }));
});

test('whatever the seed, everybody speaks only where they are, and no fault lasts longer than the catalogue says', () => {
  const longestMs = Math.max(...FAULTS.map(({ lastsMs }) => lastsMs[1]));
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (seed) => {
      for (const { place, from, pauseMs, fault } of chaosPlan({ seed, voices: 40, ...clips })) {
        expect(SPEAKERS[place]).toContain(from);
        expect(pauseMs).toBeGreaterThanOrEqual(0);
        expect(fault?.lastsMs ?? 0).toBeLessThanOrEqual(longestMs);
      }
    }),
    { numRuns: 20 },
  );
});

test('five seeds of 200 voices meet every place, both data centres, long voices, second thoughts, and every group of faults', () => {
  const voices = [1, 2, 3, 4, 5].flatMap((seed) => chaosPlan({ seed, voices: 200, ...clips }));
  const seen = (values: (string | number | undefined)[]) => new Set(values);
  expect(seen(voices.map(({ place }) => place))).toEqual(new Set(PLACES));
  expect(seen(voices.map(({ dc }) => dc))).toEqual(new Set([2, 4]));
  expect(seen(voices.map(({ clipId }) => clipId))).toContain('long');
  expect([...seen(voices.map(({ aside }) => aside?.kind))]).toEqual(expect.arrayContaining(['command', 'text', 'edit', 'delete']));
  const struck = voices.flatMap(({ fault }) => fault?.fault ?? []);
  expect(seen(struck.map(groupOf))).toEqual(seen(FAULTS.map(({ fault }) => groupOf(fault))));
  // Two chats in turns, with no pause.
  expect(voices.some(({ pauseMs }, at) => pauseMs === 0 && voices[at + 1]?.pauseMs === 0)).toBe(true);
});

test('spread over a time, the voices take that time', () => {
  const plan = chaosPlan({ seed: 3, voices: 100, spreadMs: 600_000, ...clips });
  const total = plan.reduce((sum, { pauseMs }) => sum + pauseMs, 0);
  expect(Math.abs(total - 600_000)).toBeLessThan(100);
});

test('every fault is called something of its own', () => {
  const names = FAULTS.map(({ fault }) => describeFault(fault));
  expect(new Set(names).size).toBe(names.length);
});
