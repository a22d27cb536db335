import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replyParts } from '../../../src/voice/reply-text/reply-parts.js';
import { sendableText } from '../../../src/voice/reply-text/sendable-text.js';
import '../../support/fixed-seed.js';

const SENTENCE = 'Завтра утром я встречу друга на вокзале, а вечером будет ужин. ';
const HEADER = /^\((\d+)\/(\d+)\)\n/;

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 1500 }),
  fc.string({ unit: 'binary', maxLength: 1500 }),
  fc.array(fc.nat(0xffff), { maxLength: 1000 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom('слово', 'и', 'конец.', '\n\n', '👩‍👩‍👧‍👦', 'e\u0301\u0302', '你好世界。', 'а'.repeat(200), '\u200b', ' \u0301', '\ud83d', '\r\n', '\t', 'a\u030a'), { maxLength: 120 })
    .chain((parts) => fc.constantFrom(parts.join(' '), parts.join(''))),
);
const limits = fc.oneof(fc.integer({ min: 64, max: 200 }), fc.constant(4096));
const thresholds = fc.constantFrom(0, 100, 500, Infinity);
const cases = [texts, limits, thresholds] as const;
const bare = (text: string): string => text.replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, '');

describe('the messages of a transcript', () => {
  it('are one, plain, where it is short', () => {
    expect(replyParts(' Привет. \n', { quoteAboveLength: 100 })).toEqual([{ text: 'Привет.', entities: [] }]);
  });

  it('are one collapsed quote where it is longer than the threshold', () => {
    const text = SENTENCE.repeat(3).trim();
    expect(replyParts(text, { quoteAboveLength: text.length })).toEqual([{ text, entities: [] }]);
    expect(replyParts(text, { quoteAboveLength: text.length - 1 })).toEqual([
      { text, entities: [{ type: 'collapsed-quote', offset: 0, length: text.length }] },
    ]);
  });

  it('are numbered and cut at sentence ends where it is longer than a message', () => {
    const parts = replyParts(SENTENCE.repeat(150), { quoteAboveLength: 500 });
    expect(parts.map(({ text }) => HEADER.exec(text)?.[0])).toEqual(['(1/3)\n', '(2/3)\n', '(3/3)\n']);
    for (const { text, entities } of parts) {
      expect(text.endsWith('ужин.')).toBe(true);
      expect(entities).toEqual([{ type: 'collapsed-quote', offset: 6, length: text.length - 6 }]);
    }
  });

  it('leave room for the numbering when it gets longer', () => {
    const parts = replyParts('слово '.repeat(400), { quoteAboveLength: Infinity, maxUnits: 64 });
    expect(parts.length).toBeGreaterThan(9);
    expect(Math.max(...parts.map(({ text }) => text.length))).toBeLessThanOrEqual(64);
    expect(parts.at(-1)?.text).toMatch(new RegExp(`^\\(${parts.length}/${parts.length}\\)\n`));
  });

  it('are cut at words where there is no sentence end, and between characters where there is no word end', () => {
    const family = '👩‍👩‍👧‍👦';
    const [first] = replyParts(family.repeat(50), { quoteAboveLength: Infinity, maxUnits: 64 });
    expect(first?.text.replace(HEADER, '')).toBe(family.repeat(5));
    const [words] = replyParts('abcdefghi '.repeat(50), { quoteAboveLength: Infinity, maxUnits: 64 });
    expect(words?.text.replace(HEADER, '')).toBe('abcdefghi '.repeat(5).trim());
  });

  it('are none where nothing in it would show', () => {
    expect(replyParts(' \u200b\n\u2060\ufeff\u202e', { quoteAboveLength: 0 })).toEqual([]);
  });

  it('cannot be asked for with no room for text', () => {
    expect(() => replyParts('a', { quoteAboveLength: 0, maxUnits: 63 })).toThrow(RangeError);
    expect(() => replyParts('a', { quoteAboveLength: 0, maxUnits: NaN })).toThrow(RangeError);
  });

  it('give the whole text back, in order, each within the limit, with valid entities, always the same', () => {
    fc.assert(
      fc.property(...cases, (text, maxUnits, quoteAboveLength) => {
        const options = { quoteAboveLength, maxUnits };
        const parts = replyParts(text, options);
        expect(replyParts(text, options)).toEqual(parts);
        const transcript = parts.map((part) => (parts.length > 1 ? part.text.replace(HEADER, '') : part.text));
        expect(bare(transcript.join(' '))).toBe(bare(sendableText(text)));
        parts.forEach((part, i) => {
          expect(part.text.length).toBeLessThanOrEqual(maxUnits);
          expect(bare(transcript[i]!)).not.toBe('');
          // Telegram would trim or clean it otherwise, and move the entities.
          expect(sendableText(part.text)).toBe(part.text);
          if (parts.length > 1) expect(HEADER.exec(part.text)?.slice(1)).toEqual([String(i + 1), String(parts.length)]);
          for (const { offset, length } of part.entities) {
            expect(length).toBeGreaterThan(0);
            expect(part.text.slice(offset, offset + length)).toBe(transcript[i]);
          }
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('cut no character in two that fits a message', () => {
    const characters = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        const parts = replyParts(text, { quoteAboveLength: Infinity, maxUnits: 64 });
        const visible = (list: string[]): string[] => list.map(bare).filter((character) => character !== '');
        const transcript = parts.flatMap((part) => characters(parts.length > 1 ? part.text.replace(HEADER, '') : part.text));
        expect(visible(transcript)).toEqual(visible(characters(sendableText(text))));
      }),
      { numRuns: 1000 },
    );
  });
});
