import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leftOutOfPrompt, promptOf, PROMPT_TOKENS } from '../../../src/speech/vocabulary/prompt-of.js';
import { mayRepeatVocabulary } from '../../../src/speech/vocabulary/repeats-vocabulary.js';
import { parseVocabulary } from '../../../src/speech/vocabulary/vocabulary.js';

describe('a vocabulary', () => {
  it('is read from words with commas between them, each once', () => {
    expect(parseVocabulary('Гамаюн,  kubectl ; Сан  Саныч\nredis, Redis')).toEqual(['Гамаюн', 'kubectl', 'Сан Саныч', 'Redis']);
    expect(parseVocabulary(' , ')).toEqual([]);
  });

  it.each(['a\u0000b', 'a\u202eb', '—', '🎉', 'x'.repeat(51), Array.from({ length: 201 }, (_, n) => `w${n}`).join(','), 'a\tb'])(
    'is not read from %j',
    (text) => expect(parseVocabulary(text)).toBeUndefined(),
  );

  it('is a prompt of its last words where it is too long for the engine', () => {
    const words = Array.from({ length: 100 }, (_, n) => `Наименование${n}`);
    const prompt = promptOf(words)!;
    expect(prompt.length).toBeLessThanOrEqual(PROMPT_TOKENS);
    expect(prompt.length).toBeGreaterThan(PROMPT_TOKENS - 20);
    expect(prompt).toMatch(/, Наименование98, Наименование99\.$/);
    expect(leftOutOfPrompt(words)).toBe(100 - prompt.split(', ').length);
    expect(promptOf([])).toBeUndefined();
  });

  it('always fits, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 80 })), (words) => {
        expect(Array.from(promptOf(words) ?? '').length).toBeLessThanOrEqual(PROMPT_TOKENS);
      }),
    );
  });

  it('is not suspected where somebody says some of its words among others', () => {
    const segments = [{ startMs: 0, endMs: 1, text: 'спроси Гамаюн про kubectl и Redis', words: [] }];
    expect(mayRepeatVocabulary(segments, ['Гамаюн', 'kubectl', 'Redis'])).toBe(false);
    expect(mayRepeatVocabulary([], ['Гамаюн'])).toBe(false);
  });

  it('of one word is suspected only where there is little evidence that it was said', () => {
    const said = (probability: number, noSpeechProbability = 0): boolean =>
      mayRepeatVocabulary(
        [{ startMs: 0, endMs: 1, text: 'Гамаюн', noSpeechProbability, words: [{ text: 'Гамаюн', startMs: 0, endMs: 1, probability }] }],
        ['Гамаюн'],
      );
    expect([said(0.9), said(0.3), said(0.9, 0.8)]).toEqual([false, true, true]);
  });
});
