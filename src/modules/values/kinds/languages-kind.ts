import { languageName } from '../../../i18n/language-name.js';
import { parseLanguageChoice, writeLanguageChoice } from '../../../speech/language/language-choice.js';
import { WHISPER_LANGUAGES } from '../../../speech/languages.js';
import { textKind, type ValueKind } from '../value-kind.js';
import { nearestOption } from './choice-kind.js';

const ANY = new Set(['auto', 'any', 'авто', 'любой']);

/** Languages that may be spoken: `auto`, `ru`, `ru,en`, also by their names in English or Russian. */
export const languagesKind: ValueKind<string> = textKind({
  read: (text) => {
    const choice = parseLanguageChoice(wordsOf(text).map(codeOf).join(','));
    return choice && writeLanguageChoice(choice);
  },
  takes: (texts) => texts.takes.languages,
  nearest: (text) => {
    const wrong = wordsOf(text).find((word) => !Object.hasOwn(WHISPER_LANGUAGES, codeOf(word)));
    const names = Object.entries(WHISPER_LANGUAGES).flatMap(([code, english]) => [english, languageName(code, 'ru').toLowerCase()]);
    const name = wrong === undefined || wrong.length < 3 ? undefined : nearestOption(names, wrong);
    return name && codeOf(name);
  },
});

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[\s,;+]+/).filter((word) => word !== '');
}

function codeOf(word: string): string {
  if (ANY.has(word)) return 'auto';
  if (Object.hasOwn(WHISPER_LANGUAGES, word)) return word;
  const named = Object.entries(WHISPER_LANGUAGES).find(([code, english]) => word === english || word === languageName(code, 'ru').toLowerCase());
  return named?.[0] ?? word;
}
