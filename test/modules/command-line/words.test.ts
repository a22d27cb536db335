import fc from 'fast-check';
import '../../support/fixed-seed.js';
import { join } from 'shlex';
import { expect, test } from 'vitest';
import { nextWord } from '../../../src/modules/command-line/words.js';

/** All words of a line; the place of a quote that is never closed. */
function wordsOf(line: string): string[] | number {
  const words: string[] = [];
  for (let at = 0; ; ) {
    const next = nextWord(line, at);
    if (next.kind === 'end') return words;
    if (next.kind === 'unclosed') return next.at;
    expect(next.word.end).toBeGreaterThan(at);
    words.push(next.word.value);
    at = next.word.end;
  }
}

test.each<[string, string[]]>([
  ['a  b\n c', ['a', 'b', 'c']],
  [`'a b' "c d"`, ['a b', 'c d']],
  [`""`, ['']],
  [`a''b`, ['ab']],
  [`--x="a b" c`, ['--x=a b', 'c']],
  [String.raw`"a\"b" 'a\b' a\ b`, ['a"b', String.raw`a\b`, 'a b']],
  [String.raw`'\\'"x"`, [String.raw`\\x`]],
  ['$HOME $(id) `id` * ? ~ ; | & > # x', ['$HOME', '$(id)', '`id`', '*', '?', '~', ';', '|', '&', '>', '#', 'x']],
  [`$'a\\n'`, ['$a\\n']],
  ['"a\\\\" b', ['a\\', 'b']],
  [`d'Artagnan don't`, [`d'Artagnan`, `don't`]],
  ['«два слова» „zwei Worte“ “two words” ”två ord”', ['два слова', 'zwei Worte', 'two words', 'två ord']],
  ['--name=«два слова» x', ['--name=два слова', 'x']],
  ['“one end" x', ['one end', 'x']],
  ['don’t a«b', ['don’t', 'a«b']],
  ['a\\', ['a\\']],
])('%s is read as words', (line, words) => {
  expect(wordsOf(line)).toEqual(words);
});

test.each<[string, number]>([
  [`say "hello`, 4],
  [`'`, 0],
  [`a 'b "c`, 2],
  [`"${'\\\\\\"'.repeat(1000)}`, 0],
  ['«два слова', 0],
])('%s has a quote that is never closed, and says where', (line, at) => {
  expect(wordsOf(line)).toBe(at);
});

test('what the library quotes is read back as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
      const plain = words.filter((word) => !/[«„“”]/.test(word));
      expect(wordsOf(join(plain))).toEqual(plain);
    }),
  );
});

test('no line throws or goes on without end, and no character between words is lost', () => {
  const hostile = fc.array(fc.constantFrom('"', "'", '\\', ' ', '\n', 'a', '«', '»', '“', '”', '=', '--x=', '$', 'ж', '\ud83d', '😀'), { maxLength: 60 });
  fc.assert(
    fc.property(hostile.map((parts) => parts.join('')), (line) => {
      let at = 0;
      for (let next = nextWord(line, at); next.kind === 'word'; next = nextWord(line, at)) {
        expect(line.slice(at, next.word.start).trim()).toBe('');
        expect(next.word.end).toBeGreaterThan(next.word.start);
        at = next.word.end;
      }
    }),
  );
});
