import { ABBREVIATIONS, ENGLISH_NAMES } from './language-words.js';
import { isLiteral, withoutClosers } from './marks.js';
import type { Token } from './tokens.js';

/** A lower-case letter where a word starts, in a script whose sentences start with a capital one. */
const LOWER_START =
  /^([«"“„'‘’([¿¡]*)((?=[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}])\p{Ll})(.*)$/su;

/** `i`, `i'm`, `i'll` … between marks of any kind. */
const PRONOUN = /^([^\p{L}\p{N}]*)i((?:['’](?:m|ll|ve|d|d['’]ve))?[^\p{L}\p{N}]*)$/u;

/**
 * Capital letters where sentences start. A model that writes capital letters is trusted, save after a full stop that
 * ends no abbreviation; one that writes none gets them after every mark that ends a sentence.
 */
export function applySentenceCase(tokens: readonly Token[], language: string | undefined): Token[] {
  const trusted = tokens.some(({ text }) => /\p{Lu}/u.test(text));
  let atStart = true;
  let noWordYet = true;
  return tokens.map((token, i) => {
    const previous = tokens[i - 1];
    if (previous === undefined || token.before === '\n\n') noWordYet = true;
    if (noWordYet || (previous && endsSentence(previous, language, trusted))) atStart = true;
    const text = language === 'en' ? englishCapitals(token.text) : token.text;
    // A dash or a note sign at the very start, or an opening quote alone: the sentence starts with the word behind it.
    noWordYet &&= !/[\p{L}\p{N}.…]/u.test(text);
    const capital = atStart ? capitalise(text, language) : text;
    atStart &&= noWordYet || /^[«"“„(]+$/.test(text);
    return { ...token, text: capital };
  });
}

function endsSentence(token: Token, language: string | undefined, trusted: boolean): boolean {
  if (token.endsSentence) return true;
  if (/(?:\.\.|…)[!?]*$/.test(token.text)) return false;
  // In text with capitals of its own `Кто? где? когда?` and `Yahoo! is` are the model's choice.
  if (/[!?]$/.test(token.text)) return !trusted;
  if (!token.text.endsWith('.')) return false;
  const known = language !== undefined && ABBREVIATIONS.has(language);
  return (known || !trusted) && !isAbbreviation(token.text, language);
}

/** Whether the token with a stop at its end may be an abbreviation, an initial or a number rather than a sentence's end. */
function isAbbreviation(token: string, language: string | undefined): boolean {
  const word = withoutClosers(token)
    // Full-width marks take no space after them: the sentence before them stands in the same token.
    .replace(/^.*[。！？｡]/su, '')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, -1)
    .toLowerCase();
  if (/^[яi]$/.test(word)) return false;
  if (/[.-]/.test(word) || /\p{N}$/u.test(word) || /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]\p{M}*$/u.test(word) || word === '') return true;
  return ABBREVIATIONS.get(language ?? '')?.has(word) ?? false;
}

/** The word with a capital first letter; names with capitals of their own (iPhone) and addresses stay as they are. */
function capitalise(text: string, language: string | undefined): string {
  const match = LOWER_START.exec(text);
  if (!match || isLiteral(text)) return text;
  const [, openers = '', letter = '', rest = ''] = match;
  if (/\p{Lu}/u.test(rest)) return text;
  const locale = language === 'tr' || language === 'az' ? language : 'en';
  const upper = letter.toLocaleUpperCase(locale);
  // ß, ŉ, ı and the like have no capital that leads back to them.
  return upper.toLocaleLowerCase(locale) === letter && upper.length === letter.length ? openers + upper + rest : text;
}

function englishCapitals(text: string): string {
  if (PRONOUN.test(text)) return text.replace(PRONOUN, '$1I$2');
  const name = /^([^\p{L}\p{N}]*)(\p{Ll}+)((?:s|['’]s)?[^\p{L}\p{N}]*)$/u.exec(text);
  if (!name) return text;
  const [, openers = '', word = '', rest = ''] = name;
  const bare = ENGLISH_NAMES.has(word) ? word : word.replace(/s$/, '');
  return ENGLISH_NAMES.has(bare) ? openers + word.charAt(0).toUpperCase() + word.slice(1) + rest : text;
}
