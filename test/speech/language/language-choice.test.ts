import { describe, expect, it } from 'vitest';
import { parseLanguageChoice, writeLanguageChoice } from '../../../src/speech/language/language-choice.js';

describe('a choice of languages', () => {
  it.each([
    ['auto', []],
    ['AUTO', []],
    ['ru', ['ru']],
    ['ru,en', ['ru', 'en']],
    [' RU ;  en, ru', ['ru', 'en']],
    ['haw+yue', ['haw', 'yue']],
  ])('is read from %j, and written so that it is read as the same', (text, languages) => {
    expect(parseLanguageChoice(text)).toEqual(languages);
    expect(parseLanguageChoice(writeLanguageChoice(languages))).toEqual(languages);
  });

  it.each(['', ' ,', 'xx', 'ru,xx', 'auto,ru', 'toString', '__proto__', '--help', 'ru en de fr es it pt pl uk be bg'])('is not read from %j', (text) => {
    expect(parseLanguageChoice(text)).toBeUndefined();
  });
});
