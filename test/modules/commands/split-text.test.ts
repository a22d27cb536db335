import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitText } from '../../../src/modules/commands/split-text.js';
import type { TextEntity } from '../../../src/telegram/formatted-text.js';
import '../../support/fixed-seed.js';

test('a text that fits is one message, as it is', () => {
  const text = { text: 'a\n\nb', entities: [{ type: 'bold' as const, offset: 0, length: 1 }] };
  expect(splitText(text)).toEqual([text]);
  expect(splitText({ text: ' \n ', entities: [] })).toEqual([]);
});

test('a longer one is cut at line ends, and a style goes on in the next message', () => {
  const parts = splitText({ text: 'aaa bbb\nccc\nddd eee', entities: [{ type: 'code', offset: 4, length: 7 }] }, 12);
  expect(parts).toEqual([
    { text: 'aaa bbb\nccc', entities: [{ type: 'code', offset: 4, length: 7 }] },
    { text: 'ddd eee', entities: [] },
  ]);
  expect(splitText({ text: 'aaa bbb\nccc ddd', entities: [{ type: 'bold', offset: 4, length: 7 }] }, 9)).toEqual([
    { text: 'aaa bbb', entities: [{ type: 'bold', offset: 4, length: 3 }] },
    { text: 'ccc ddd', entities: [{ type: 'bold', offset: 0, length: 3 }] },
  ]);
});

test('no part is empty or too long, no character is cut, every visible one comes through with its style', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '😀', 'é', 'ж'), { minLength: 1, maxLength: 120 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), fc.integer({ min: 8, max: 40 }), (text, start, length, limit) => {
      const offset = start % text.length;
      const entity: TextEntity = { type: 'bold', offset, length: Math.min(length % text.length, text.length - offset) };
      const parts = splitText({ text, entities: [entity] }, limit);
      for (const part of parts) {
        expect(part.text.trim()).not.toBe('');
        expect(part.text.length).toBeLessThanOrEqual(limit);
        expect(part.text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
      }
      const visible = (value: string): string => value.replace(/\s/g, '');
      expect(visible(parts.map((part) => part.text).join(''))).toBe(visible(text));
      const styled = parts.flatMap((part) => part.entities.map((one) => part.text.slice(one.offset, one.offset + one.length)));
      expect(visible(styled.join(''))).toBe(visible(text.slice(entity.offset, entity.offset + entity.length)));
    }),
  );
});
