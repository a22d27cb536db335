import { expect, test } from 'vitest';
import { floors, slopePerHour } from '../../../src/sandbox/chaos/slope.js';

const MINUTE_MS = 60_000;

test('a line that rises by 10 a minute rises by 600 an hour, whatever is added to both ends alike', () => {
  const points = [0, 1, 2, 3].map((minute) => ({ atMs: minute * MINUTE_MS, value: 100 + minute * 10 }));
  expect(slopePerHour(points)).toBeCloseTo(600);
  expect(slopePerHour(points.map(({ atMs, value }, index) => ({ atMs, value: value + (index === 0 || index === 3 ? 5 : 0) })))).toBeCloseTo(600);
});

test('one point has no slope', () => {
  expect(slopePerHour([{ atMs: 0, value: 1 }])).toBeNaN();
});

test('what waits to be collected does not count: a saw tooth is as low as its floors', () => {
  const saw = Array.from({ length: 600 }, (_, second) => ({ atMs: second * 1000, value: 50 + (second % 20) }));
  expect(slopePerHour(floors(saw, MINUTE_MS))).toBeCloseTo(0);
});
