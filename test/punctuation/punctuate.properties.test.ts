import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { punctuate } from '../../src/punctuation/punctuate.js';
import type { TimedText } from '../../src/punctuation/timed-text.js';
import '../support/fixed-seed.js';

const WORDS = [
  'привет', 'я', 'и', 'в', 'как', 'дела', 'где', 'мы', 'ул', 'т.е.', 'кто-то', 'Москва', 'ёлка', 'й', 'i', "i'm", 'iPhone', 'monday',
  'can', 'you', 'call', 'mr.', '3,14', '10:30', '5', 'example.com', 'https://a.b/c?d=e', '@user', '你好', '世界', 'مرحبا', 'ไทย', '😀', 'e\u0301',
  'ß', 'ﬁ', '10\u00a0000', 'слово,слово', 'да!Нет', 'ну...вот', 'слово.Слово', 'С.-Петербург', 'А.С.Пушкин', 'м',
];
const MARKS = ['.', ',', '!', '?', '...', '…', ':', ';', '-', '–', '—', '"', '«', '»', '“', '”', "'", '’', '(', ')', '。', '，', '♪', '\n\n', '\t', ' ', '[', ']'];

const piece = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...WORDS) }, { weight: 3, arbitrary: fc.constantFrom(...MARKS) });
const speech = fc
  .array(fc.tuple(piece, fc.constantFrom('', ' ', ' ', ' ', '  ')), { maxLength: 14 })
  .map((parts) => parts.map((part) => part.join('')).join(''));
const anything = fc.oneof(
  { weight: 4, arbitrary: speech },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  // Any UTF-16 units, halves of surrogate pairs too.
  { weight: 1, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)) },
);
const timed = (text: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<TimedText[]> =>
  fc
    .array(fc.record({ text, pauseMs: fc.constantFrom(0, 300, 700, 2500), lengthMs: fc.nat(5000) }), { maxLength })
    .map((list) => {
      let now = 0;
      return list.map((entry) => {
        const startMs = now + entry.pauseMs;
        now = startMs + entry.lengthMs;
        return { startMs, endMs: now, text: entry.text };
      });
    });
const language = fc.constantFrom(undefined, 'ru', 'en', 'en-US', 'fr', 'tr', 'zh', 'ar', 'de', 'nonsense_!');
const cases = [timed(anything, 8), language] as const;
const long = [timed(speech, 60), language] as const;

/** The words as sequences of letters and digits, without case; Turkish has its own pair of i. */
function words(text: string, code: string | undefined): string[] {
  return text.toLocaleLowerCase(code === 'tr' ? 'tr' : 'en').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

describe('whatever was heard', () => {
  it('keeps every word and their order', () => {
    fc.assert(
      fc.property(...cases, (segments, code) => {
        const said = segments.flatMap(({ text }) => words(text, code));
        const result = punctuate(segments, code);
        // Ideographs of two segments stand together without a space, so there only the letters can be compared.
        expect(words(result.text, code).join('')).toBe(said.join(''));
        expect(result.segments.flatMap(({ text }) => words(text, code))).toEqual(said);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([['short', cases], ['long', long]] as const)('changes nothing more the second time (%s)', (_name, [segmentsOf, codeOf]) => {
    fc.assert(
      fc.property(segmentsOf, codeOf, (segments, code) => {
        const once = punctuate(segments, code);
        expect(punctuate([{ startMs: 0, endMs: 1000, text: once.text }], code).text).toBe(once.text);
        expect(punctuate(once.segments, code)).toEqual(once);
      }),
      { numRuns: 3000 },
    );
  });

  // Each of these once changed the second time; found by the property above.
  it.each<[string[], string]>([
    [['"', '.\n\nпривет'], 'ru'],
    [['。', '，  привет'], 'ru'],
    [['你好10:30', '⺀'], 'zh'],
    [['世界', '。.', 'привет'], 'ru'],
    [["'", '’;привет'], 'en'],
    [['"', '.  ."'], 'ru'],
    [['.“', '"'], 'en'],
    [['привет', '。 。mr. привет'], 'en'],
  ])('changes nothing more the second time: %j', (texts, code) => {
    const segments = texts.map((text, i) => ({ startMs: i * 2000, endMs: i * 2000 + 1000, text }));
    const once = punctuate(segments, code);
    expect(punctuate([{ startMs: 0, endMs: 1000, text: once.text }], code).text).toBe(once.text);
    expect(punctuate(once.segments, code)).toEqual(once);
  });

  it('leaves no double space and none at the ends', () => {
    fc.assert(
      fc.property(...cases, (segments, code) => {
        const result = punctuate(segments, code);
        for (const text of [result.text, ...result.segments.map((segment) => segment.text)]) {
          for (const paragraph of text.split('\n\n')) {
            expect(paragraph).toBe(paragraph.trim());
            expect(paragraph).not.toMatch(/\s{2}/);
          }
        }
        expect(result.segments.every(({ text }) => text !== '')).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps the times of the segments it keeps, in their order', () => {
    fc.assert(
      fc.property(...cases, (segments, code) => {
        const times = segments.map(({ startMs, endMs }) => `${startMs}-${endMs}`);
        let from = 0;
        for (const { startMs, endMs } of punctuate(segments, code).segments) {
          const at = times.indexOf(`${startMs}-${endMs}`, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + 1;
        }
      }),
    );
  });
});
