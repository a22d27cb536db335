import { languageName } from '../../../i18n/language-name.js';
import { parseLanguageChoice, writeLanguageChoice } from '../../../speech/language/language-choice.js';
import { WHISPER_LANGUAGES } from '../../../speech/languages.js';
import { textKind, type ValueKind } from '../value-kind.js';
import { nearestOption } from './choice-kind.js';

const ANY = new Set(['auto', 'any', 'авто', 'любой']);

/** There are about a hundred. */
const MAX_LENGTH = 1000;

/** Languages that may be spoken: `auto`, `ru`, `ru,en`, also by their names in English or Russian. */
export const languagesKind: ValueKind<string> = textKind({
  read: (text) => {
    if (text.length > MAX_LENGTH) return undefined;
    const codes = codesByName();
    const choice = parseLanguageChoice(wordsOf(text).map((word) => codes.get(word) ?? word).join(','));
    return choice && writeLanguageChoice(choice);
  },
  takes: (texts) => texts.takes.languages,
  nearest: (text) => {
    const codes = codesByName();
    const wrong = wordsOf(text).find((word) => !codes.has(word));
    const name = wrong === undefined || wrong.length < 3 ? undefined : nearestOption([...codes.keys()].filter((each) => each.length > 3), wrong);
    return name && codes.get(name);
  },
});

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[\s,;+]+/).filter((word) => word !== '');
}

/** Each language by its code, its English and its Russian name. */
function codesByName(): Map<string, string> {
  const languages = Object.entries(WHISPER_LANGUAGES);
  return new Map([
    ...languages.map(([code]) => [code, code] as const),
    ...languages.map(([code, english]) => [english, code] as const),
    ...languages.map(([code]) => [languageName(code, 'ru').toLowerCase(), code] as const),
    ...[...ANY].map((word) => [word, 'auto'] as const),
  ]);
}
