import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuesOf, LINE_LENGTH } from '../../src/punctuation/subtitle-cues.js';
import { toSrt, toVtt } from '../../src/punctuation/subtitles.js';
import '../support/fixed-seed.js';

const LONG =
  'Вчера я ходил в магазин и купил там хлеб, молоко и воду. Потом я пошёл на вокзал, чтобы встретить друга, который приехал издалека.';

const segments = fc.array(
  fc.record({
    startMs: fc.oneof(fc.integer({ min: -100, max: 20_000 }), fc.double({ min: 0, max: 1e7 })),
    endMs: fc.oneof(fc.integer({ min: -100, max: 20_000 }), fc.double({ min: 0, max: 1e7 }), fc.constant(NaN)),
    text: fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(fc.constantFrom('слово', 'и', 'предложение.', 'https://example.com/a-very-long-address-without-any-space-in-it', '你好世界', '👩‍👩‍👧', '-->'), { maxLength: 60 }).map((words) => words.join(' ')),
    ),
  }),
  { maxLength: 8 },
);

describe('SubRip', () => {
  it('has counters, times with hours, and an empty line between cues', () => {
    expect(
      toSrt([
        { startMs: 0, endMs: 1499.6, text: 'Привет.' },
        { startMs: 3_661_007, endMs: 3_662_000, text: 'Как дела?' },
      ]),
    ).toBe('1\n00:00:00,000 --> 00:00:01,500\nПривет.\n\n2\n01:01:01,007 --> 01:01:02,000\nКак дела?\n');
  });

  it('is empty where nothing was said', () => {
    expect(toSrt([])).toBe('');
    expect(toSrt([{ startMs: 0, endMs: 5, text: '  ' }])).toBe('');
  });

  it('lets no text look like a timing line', () => {
    expect(toSrt([{ startMs: 0, endMs: 900, text: 'a --> b' }])).toContain('\na → b\n');
  });
});

describe('WebVTT', () => {
  it('starts with its signature and escapes what would be a tag', () => {
    expect(toVtt([{ startMs: 360_000_000, endMs: 360_001_000, text: 'a < b & c --> d' }])).toBe(
      'WEBVTT\n\n100:00:00.000 --> 100:00:01.000\na &lt; b &amp; c --&gt; d\n',
    );
    expect(toVtt([])).toBe('WEBVTT\n');
  });
});

describe('cues', () => {
  it('of long segments are split at sentences, wrapped into two even lines, and share the time', () => {
    expect(cuesOf([{ startMs: 0, endMs: 13_000, text: LONG }])).toEqual([
      { startMs: 0, endMs: 5700, lines: ['Вчера я ходил в магазин и', 'купил там хлеб, молоко и воду.'] },
      { startMs: 5700, endMs: 13_000, lines: ['Потом я пошёл на вокзал, чтобы встретить', 'друга, который приехал издалека.'] },
    ]);
  });

  it('that overlap, have no length or come in the wrong order become valid', () => {
    expect(
      cuesOf([
        { startMs: 3000, endMs: 6000, text: 'c' },
        { startMs: 0, endMs: 5000, text: 'a' },
        { startMs: 0, endMs: 0, text: 'b' },
        { startMs: 9000, endMs: 8000, text: 'd' },
      ]),
    ).toEqual([
      { startMs: 0, endMs: 500, lines: ['a'] },
      { startMs: 500, endMs: 1000, lines: ['b'] },
      { startMs: 3000, endMs: 6000, lines: ['c'] },
      { startMs: 9000, endMs: 9500, lines: ['d'] },
    ]);
  });

  it('are valid and keep the text, whatever was said and whenever', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const cues = cuesOf(list);
        let last = 0;
        for (const { startMs, endMs, lines } of cues) {
          expect(Number.isInteger(startMs) && Number.isInteger(endMs)).toBe(true);
          expect(startMs).toBeGreaterThanOrEqual(last);
          expect(endMs).toBeGreaterThan(startMs);
          last = endMs;
          expect(lines.length === 1 || lines.length === 2).toBe(true);
          for (const line of lines) {
            expect(line.trim()).toBe(line);
            expect(line).not.toBe('');
            const graphemes = [...new Intl.Segmenter().segment(line)].length;
            expect(line.length <= LINE_LENGTH || graphemes === 1).toBe(true);
          }
        }
        const start = (ms: number): number => (Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : 0);
        const ordered = [...list].sort((a, b) => start(a.startMs) - start(b.startMs));
        const squeeze = (text: string): string => text.replace(/\s+/g, '');
        expect(squeeze(cues.flatMap(({ lines }) => lines).join(''))).toBe(squeeze(ordered.map(({ text }) => text).join('')));
      }),
      { numRuns: 1000 },
    );
  });

  it('read back from either format as the same cues', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const count = cuesOf(list).length;
        expect(toSrt(list).split('\n\n').filter((block) => /^\d+\n\d\d:\d\d:\d\d,\d{3} --> /.test(block)).length).toBe(count);
        expect(toVtt(list).split('\n\n').slice(1).filter((block) => /^\d{2,}:\d\d:\d\d\.\d{3} --> /.test(block)).length).toBe(count);
      }),
    );
  });
});
