import { expect, test } from 'vitest';
import { longestGap, type Case } from '../../../src/sandbox/chaos/casebook.js';

function voice(sentAtMs: number, answeredAtMs?: number): Case {
  const expected = { kind: 'text' as const, words: '' };
  return { sentAtMs, expected, ...(answeredAtMs === undefined ? {} : { answeredAtMs }) } as Case;
}

test('it is the longest wait in which nobody was answered, not the longest wait of one', () => {
  expect(longestGap([voice(0, 100), voice(50, 400), voice(60, 900)], 1000)).toBe(500);
});

test('a time in which nobody waited is no gap', () => {
  expect(longestGap([voice(0, 100), voice(5000, 5200)], 6000)).toBe(200);
});

test('who is not answered waits until now', () => {
  expect(longestGap([voice(0, 100), voice(50)], 3000)).toBe(2900);
});
