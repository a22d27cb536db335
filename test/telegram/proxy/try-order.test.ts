import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterFailure, tryOrder, UNTRIED, type Standing } from '../../../src/telegram/proxy/try-order.js';

const MINUTE_MS = 60_000;

function rests(failures: number): number[] {
  const lengths: number[] = [];
  let [standing, nowMs]: [Standing, number] = [UNTRIED, 0];
  for (let count = 0; count < failures; count += 1) {
    standing = afterFailure(standing, nowMs);
    lengths.push(standing.restsUntilMs - nowMs);
    nowMs = standing.restsUntilMs;
  }
  return lengths;
}

test('a way rests longer after each failure, ten minutes at the most', () => {
  expect(rests(7)).toEqual([0.5, 1, 2, 4, 8, 10, 10].map((minutes) => minutes * MINUTE_MS));
});

test('a failure while it rests makes the rest no longer', () => {
  const once = afterFailure(UNTRIED, 0);
  expect(afterFailure(once, 29_999)).toEqual({ failures: 1, failedAtMs: 29_999, restsUntilMs: 30_000 });
  expect(afterFailure(once, 30_000)).toEqual({ failures: 2, failedAtMs: 30_000, restsUntilMs: 90_000 });
});

const waysThat = (...standings: Partial<Standing>[]): { index: number; standing: Standing }[] =>
  standings.map((standing, index) => ({ index, standing: { ...UNTRIED, ...standing } }));

test('ways that are rested come in order of preference, then the others by their last failure', () => {
  const ways = waysThat({ failedAtMs: 9, restsUntilMs: 30 }, {}, { failedAtMs: 7, restsUntilMs: 20 }, { failedAtMs: 8, restsUntilMs: 15 });
  expect(tryOrder(ways, 15, 10).map(({ index }) => index)).toEqual([1, 3, 2, 0]);
  expect(tryOrder(ways, 30, 10).map(({ index }) => index)).toEqual([0, 1, 2, 3]);
});

test('one that failed since Telegram was reached waits for the others, rested or not', () => {
  const ways = waysThat({ failedAtMs: 20, restsUntilMs: 30 }, {}, {});
  expect(tryOrder(ways, 1000, 19).map(({ index }) => index)).toEqual([1, 2, 0]);
  expect(tryOrder(ways, 1000, 500).map(({ index }) => index)).toEqual([0, 1, 2]);
});

test('no way is ever left out or named twice', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100)), fc.nat(100), fc.nat(100), (ends, nowMs, reachedAtMs) => {
      const ways = waysThat(...ends.map((restsUntilMs) => ({ restsUntilMs, failedAtMs: restsUntilMs / 2 })));
      expect(new Set(tryOrder(ways, nowMs, reachedAtMs))).toEqual(new Set(ways));
      expect(tryOrder(ways, nowMs, reachedAtMs)).toHaveLength(ways.length);
    }),
  );
});

test.each([5000, 5 * MINUTE_MS])(
  'the only one that works has its turn after each other one had one, with %i ms between two connections',
  (pauseMs) => {
    // The dead ones are of the kind that takes the whole time of a connection.
    const ways = waysThat({}, {}, {}, {});
    let nowMs = 0;
    const tried: number[] = [];
    while (tried.at(-1) !== 3 && tried.length < 9) {
      const way = tryOrder(ways, nowMs, -Infinity)[0]!;
      tried.push(way.index);
      nowMs += 20_000;
      way.standing = afterFailure(way.standing, nowMs);
      nowMs += pauseMs;
    }
    expect(tried).toEqual([0, 1, 2, 3]);
  },
);
