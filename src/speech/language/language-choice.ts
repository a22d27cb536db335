import { WHISPER_LANGUAGES } from '../languages.js';

/** The languages that may be meant: none named is any, one is fixed, several are automatic among them. */
export type LanguageChoice = readonly string[];

export const MAX_LANGUAGES = 10;

/** `auto`, `ru` or `ru,en` → the languages that may be meant; undefined where it is none of these. */
export function parseLanguageChoice(text: string): LanguageChoice | undefined {
  const codes = text.toLowerCase().split(/[\s,;+]+/).filter((code) => code !== '');
  if (codes.length === 1 && codes[0] === 'auto') return [];
  const languages = [...new Set(codes)];
  const areKnown = languages.every((code) => Object.hasOwn(WHISPER_LANGUAGES, code));
  return languages.length > 0 && languages.length <= MAX_LANGUAGES && areKnown ? languages : undefined;
}

/** As `parseLanguageChoice` reads it. */
export function writeLanguageChoice(choice: LanguageChoice): string {
  return choice.length === 0 ? 'auto' : choice.join(',');
}
