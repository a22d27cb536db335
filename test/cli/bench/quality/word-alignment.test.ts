import { describe, expect, it } from 'vitest';
import { alignWords, wordErrors, wordsOf } from '../../../../src/cli/bench/quality/word-alignment.js';

describe('word errors', () => {
  it.each([
    ['раз два три', 'раз два три', 0],
    ['Раз, два: три!', 'раз два ТРИ', 0],
    ['раз два три', '', 3],
    ['', 'раз два', 2],
    ['', '', 0],
    ['раз два три', 'раз три', 1],
    ['раз два три', 'раз два два три', 1],
    ['раз два три', 'раз пять три', 1],
    ['one two three four', 'two three four five', 2],
  ])('from "%s" to "%s" are %d', (wanted, got, errors) => {
    expect(wordErrors(wanted, got)).toBe(errors);
  });

  it('are counted over thousands of words, and the words that are the same are found around what is missing', () => {
    const wanted = Array.from({ length: 2000 }, (_, n) => `word${n % 97}`);
    const got = wanted.filter((_, n) => n % 100 !== 50);
    const { errors, same } = alignWords(wanted, got);
    expect(errors).toBe(20);
    expect(same).toHaveLength(1980);
    expect(same.every(([one, other]) => wanted[one] === got[other])).toBe(true);
    expect(same[51]).toEqual([52, 51]);
  });

  it('know words of any script', () => {
    expect(wordsOf('Ёлка — “two-part”, 3 раза.')).toEqual(['ёлка', 'two', 'part', '3', 'раза']);
  });
});
