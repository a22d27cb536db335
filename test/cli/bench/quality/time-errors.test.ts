import { describe, expect, it } from 'vitest';
import { timeErrors } from '../../../../src/cli/bench/quality/time-errors.js';

const truth = [
  { startMs: 1000, endMs: 2000, text: 'раз два' },
  { startMs: 5000, endMs: 6000, text: 'три четыре' },
];
const got = (startMs: number, endMs: number, text: string) => ({ startMs, endMs, text, words: [] });

describe('errors of times', () => {
  it('are the distances of starts and ends', () => {
    expect(timeErrors(truth, [got(1100, 1950, 'раз два'), got(5000, 6300, 'Три четыре.')])).toEqual([100, 50, 0, 300]);
  });

  it('of one segment for two spoken ones are those of its own start and end', () => {
    expect(timeErrors(truth, [got(900, 6100, 'раз два три четыре')])).toEqual([100, 100]);
  });

  it('of a segment at the wrong place are seen, and words beside the truth do not shift the others', () => {
    expect(timeErrors(truth, [got(0, 10, 'лишнее'), got(1000, 2000, 'раз два'), got(9000, 9900, 'три четыре')])).toEqual([0, 0, 4000, 3900]);
  });

  it('are none where nothing was heard', () => {
    expect(timeErrors(truth, [])).toEqual([]);
  });
});
