import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PACES } from '../../src/governor/pace.js';
import { TokenBucket } from '../../src/governor/token-bucket.js';
import '../support/fixed-seed.js';

const budget = { burst: 3, everyMs: 1000 };

test('a full bucket gives its burst at once, then one every so often', () => {
  const bucket = new TokenBucket(budget, 0);
  for (let taken = 0; taken < 3; taken += 1) {
    expect(bucket.waitMs(0)).toBe(0);
    bucket.take(0);
  }
  expect(bucket.waitMs(0)).toBe(1000);
  expect(bucket.waitMs(400)).toBe(600);
  expect(bucket.waitMs(1000)).toBe(0);
});

test('who leaves a reserve waits for it, and never for more than the bucket holds', () => {
  const bucket = new TokenBucket(budget, 0);
  bucket.take(0);
  expect(bucket.waitMs(0, 1)).toBe(0);
  expect(bucket.waitMs(0, 2)).toBe(1000);
  expect(bucket.waitMs(1000, 99)).toBe(0);
});

test('a bucket that is kept empty fills from that time on', () => {
  const bucket = new TokenBucket(budget, 0);
  bucket.emptyUntil(10_000);
  expect(bucket.waitMs(4000)).toBe(7000);
  expect(bucket.waitMs(10_500)).toBe(500);
  expect(bucket.waitMs(11_000)).toBe(0);
});

test('a clock that goes back gives nothing away', () => {
  const bucket = new TokenBucket(budget, 5000);
  for (let taken = 0; taken < 3; taken += 1) bucket.take(5000);
  expect(bucket.waitMs(1000)).toBeGreaterThanOrEqual(1000);
});

test('whatever the demand, no span of time sees more than the burst and what the time allows', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(pauses, fc.constantFrom(...Object.values(PACES)), (pausesMs, pace) => {
      const bucket = new TokenBucket(pace.group, 0);
      const departuresMs: number[] = [];
      let nowMs = 0;
      for (const pauseMs of pausesMs) {
        nowMs += pauseMs;
        if (bucket.waitMs(nowMs) > 0) continue;
        bucket.take(nowMs);
        departuresMs.push(nowMs);
      }
      for (const [first, fromMs] of departuresMs.entries()) {
        for (const [last, toMs] of departuresMs.entries()) {
          if (last < first) continue;
          expect(last - first + 1).toBeLessThanOrEqual(pace.group.burst + (toMs - fromMs) / pace.group.everyMs + 1e-6);
        }
      }
    }),
  );
});

test('no pace allows more than 20 messages a minute in a group, or one a second in a private chat', () => {
  for (const { group, privateChat } of Object.values(PACES)) {
    expect(group.burst + 60_000 / group.everyMs).toBeLessThanOrEqual(20);
    expect(privateChat.everyMs).toBeGreaterThanOrEqual(1000);
  }
});
