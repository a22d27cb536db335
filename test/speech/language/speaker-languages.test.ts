import { describe, expect, it } from 'vitest';
import { learned, MOST, NOTHING_LEARNED, onlyLanguage, type HeardLanguage, type SpeakerLanguages } from '../../../src/speech/language/speaker-languages.js';

const certain = (language: string): HeardLanguage => ({ language, sureMs: 8000, asked: true, logProbability: -0.2 });
const granted = (language: string): HeardLanguage => ({ language, sureMs: 0, asked: false, logProbability: -0.2 });
const after = (...heard: HeardLanguage[]): SpeakerLanguages => heard.reduce(learned, NOTHING_LEARNED);
const times = (count: number, heard: HeardLanguage): HeardLanguage[] => Array.from({ length: count }, () => heard);

describe('what is learned of a speaker', () => {
  it('is their one language after three recordings in which it was certain', () => {
    expect(onlyLanguage(after(...times(2, certain('ru'))))).toBeUndefined();
    expect(onlyLanguage(after(...times(3, certain('ru'))))).toBe('ru');
  });

  it('is nothing from guesses, however many', () => {
    expect(after(...times(50, { language: 'ru', sureMs: 0, asked: true }))).toEqual({ times: {}, unasked: 0 });
  });

  it('is no one language of somebody who speaks two', () => {
    const mixed = after(...times(9, certain('ru')), certain('en'), certain('ru'), certain('en'), certain('ru'));
    expect(onlyLanguage(mixed)).toBeUndefined();
    expect(Object.keys(mixed.times).sort()).toEqual(['en', 'ru']);
  });

  it('follows somebody who changes their language for good', () => {
    expect(onlyLanguage(after(...times(30, certain('ru')), ...times(40, certain('en'))))).toBe('en');
  });

  it('is asked for again every tenth time, for a model may be sure of a wrong language', () => {
    const known = after(...times(3, certain('ru')));
    const asked = Array.from({ length: 25 }).reduce<{ now: SpeakerLanguages; asked: number[] }>(
      ({ now, asked: at }, _, index) => {
        const language = onlyLanguage(now);
        return { now: learned(now, language === undefined ? certain('ru') : granted('ru')), asked: language === undefined ? [...at, index] : at };
      },
      { now: known, asked: [] },
    ).asked;
    expect(asked).toEqual([9, 19]);
  });

  it('stays within bounds, and forgets languages that were not heard for long', () => {
    const long = after(certain('en'), ...times(200, certain('ru')));
    expect(Object.keys(long.times)).toEqual(['ru']);
    expect(long.times.ru).toBeLessThanOrEqual(MOST);
    expect(long.usualLogProbability).toBeCloseTo(-0.2);
  });
});
