import { describe, expect, it } from 'vitest';
import { snapTimes } from '../../src/speech/snap-times.js';

const speech = [{ startMs: 1000, endMs: 3000 }, { startMs: 4000, endMs: 6000 }];

function snapped(...given: [number, number][]): [number, number][] {
  const segments = given.map(([startMs, endMs]) => ({ startMs, endMs, text: 'x', words: [{ text: 'x', startMs, endMs }] }));
  const result = snapTimes(segments, speech);
  for (const { startMs, endMs, words } of result) expect([words[0]!.startMs >= startMs, words[0]!.endMs <= endMs]).toEqual([true, true]);
  return result.map(({ startMs, endMs }) => [startMs, endMs]);
}

describe('snapTimes', () => {
  it('moves edges out of silence to the speech that they reach', () => {
    expect(snapped([0, 3900], [3950, 7500])).toEqual([[1000, 3000], [4000, 6000]]);
  });

  it('moves edges that stand just inside of speech out to its edges', () => {
    expect(snapped([1300, 2700], [4350, 5650])).toEqual([[1000, 3000], [4000, 6000]]);
  });

  it('leaves edges in the middle of speech, and where a neighbour stands', () => {
    expect(snapped([1000, 2000], [2000, 3000])).toEqual([[1000, 2000], [2000, 3000]]);
    expect(snapped([1000, 1200], [1200, 3000])).toEqual([[1000, 1200], [1200, 3000]]);
  });

  it('keeps one segment over several spans whole', () => {
    expect(snapped([800, 6300])).toEqual([[1000, 6000]]);
  });

  it('leaves a segment in which the detector found nothing where the engine put it', () => {
    expect(snapped([8000, 9000])).toEqual([[8000, 9000]]);
  });
});
