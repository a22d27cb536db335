import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinAtSeam } from '../../src/speech/join-at-seam.js';
import type { TranscribedSegment } from '../../src/speech/transcript.js';
import '../support/fixed-seed.js';

const seam = { fromMs: 9000, cutMs: 10_000, toMs: 11_000 };

/** A segment whose words stand at the given times (ms), each 300 ms long; without times for its words where `wordless`. */
function said(words: readonly [string, number][], wordless = false): TranscribedSegment {
  const timed = words.map(([text, startMs]) => ({ text, startMs, endMs: startMs + 300, probability: 0.9 }));
  const text = words.map(([word]) => word).join(' ');
  return { startMs: timed[0]!.startMs, endMs: timed.at(-1)!.endMs, text, words: wordless ? [] : timed };
}

function textOf(segments: readonly TranscribedSegment[]): string {
  return segments.map(({ text }) => text).join(' ');
}

describe('joinAtSeam', () => {
  it('has words that both windows heard once, although each heard the other edge wrongly', () => {
    const earlier = [said([['we', 8000], ['go', 9200], ['home', 9900], ['tomo', 10_700]])];
    const later = [said([['oh', 9000], ['go', 9300], ['home', 10_050], ['tomorrow', 10_600], ['at', 11_500]])];
    expect(textOf(joinAtSeam(earlier, later, seam))).toBe('we go home tomorrow at');
  });

  it('cuts by time where both heard different words', () => {
    const earlier = [said([['we', 8000], ['go', 9200], ['hum', 10_300]])];
    const later = [said([['dough', 9100], ['home', 10_200], ['tomorrow', 11_500]])];
    expect(textOf(joinAtSeam(earlier, later, seam))).toBe('we go home tomorrow');
  });

  it('does not take a word that comes again a second later for the same one', () => {
    const earlier = [said([['да', 8700], ['нет', 9500]])];
    const later = [said([['да', 10_400], ['нет', 11_600]])];
    expect(textOf(joinAtSeam(earlier, later, seam))).toBe('да нет да нет');
  });

  it('drops one of two words that the engine put on the same moment, not both', () => {
    const earlier = [said([['ну', 8000], ['да', 9900]])];
    const later = [said([['да', 10_000], ['да', 10_000], ['пойдём', 11_500]])];
    expect(textOf(joinAtSeam(earlier, later, seam))).toBe('ну да да пойдём');
  });

  it('joins text of an engine that gives no words', () => {
    const earlier = [said([['one', 8000], ['two', 9000], ['three', 10_000]], true)];
    const later = [said([['two', 9050], ['three', 10_050], ['four', 11_000]], true)];
    const joined = joinAtSeam(earlier, later, seam);
    expect(textOf(joined)).toBe('one two three four');
    expect(joined.every(({ words }) => words.length === 0)).toBe(true);
  });

  it('leaves all segments away from the seam as they are', () => {
    const before = said([['long', 1000], ['ago', 1500]]);
    const after = said([['much', 20_000], ['later', 20_500]]);
    expect(joinAtSeam([before], [after], seam)).toEqual([before, after]);
    expect(joinAtSeam([], [after], seam)).toEqual([after]);
    expect(joinAtSeam([before], [], seam)).toEqual([before]);
  });

  it('neither loses nor doubles a word wherever the seam lies, as long as both windows heard it rightly', () => {
    const steps = fc.array(fc.integer({ min: 350, max: 900 }), { minLength: 20, maxLength: 40 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 300 }), fc.integer({ min: -200, max: 200 }), (given, halfMs, shiftMs) => {
        let at = 3000;
        const words = given.map((step, index): [string, number] => [`w${index % 7}`, (at += step)]);
        const cutMs = words[10]![1] - 25;
        const around = { fromMs: cutMs - 500 - halfMs, cutMs, toMs: cutMs + 500 + halfMs };
        const earlier = words.filter(([, ms]) => ms + 300 <= around.toMs);
        const later = words.filter(([, ms]) => ms >= around.fromMs).map(([text, ms]): [string, number] => [text, ms + shiftMs]);
        expect(textOf(joinAtSeam([said(earlier)], [said(later)], around))).toBe(words.map(([text]) => text).join(' '));
      }),
    );
  });
});
