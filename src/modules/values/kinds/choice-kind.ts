import { closest, distance } from 'fastest-levenshtein';
import { textKind, type ValueKind } from '../value-kind.js';

/** How a choice of nothing is written, or `-` where that is an option. */
const NOTHING = 'none';
const WORDS_FOR_NOTHING = new Set(['', '-', NOTHING, 'пусто', 'ничего']);

/** One of the options, in any case. */
export function choiceKind(options: readonly string[]): ValueKind<string> {
  return textKind({
    read: (text) => optionOf(options, text),
    takes: (texts) => texts.oneOf(options),
    nearest: (text) => nearestOption(options, text),
  });
}

/** Some of the options, each once, with commas or spaces between them. */
export function choicesKind(options: readonly string[]): ValueKind<readonly string[]> {
  const readAll = (text: string): (string | undefined)[] => wordsOf(text).map((word) => optionOf(options, word));
  const isNothing = (text: string): boolean => WORDS_FOR_NOTHING.has(text.trim().toLowerCase()) && optionOf(options, text) === undefined;
  return {
    read: (text) => {
      if (isNothing(text)) return [];
      const chosen = readAll(text);
      return chosen.length > 0 && chosen.every((option) => option !== undefined) ? [...new Set(chosen)] : undefined;
    },
    write: (value) => (value.length > 0 ? value.join(', ') : options.includes(NOTHING) ? '-' : NOTHING),
    fits: (value) =>
      Array.isArray(value) && value.every((option) => typeof option === 'string' && options.includes(option)) && new Set(value).size === value.length,
    takes: (texts) => texts.someOf(options),
    nearest: (text) => {
      const wrong = wordsOf(text).find((word) => optionOf(options, word) === undefined);
      return wrong === undefined ? undefined : nearestOption(options, wrong);
    },
  };
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}

function optionOf(options: readonly string[], text: string): string | undefined {
  const word = text.trim();
  return options.find((option) => option === word) ?? options.find((option) => option.toLowerCase() === word.toLowerCase());
}

/** The option that may have been meant: one that begins so, else one that differs by a few letters. */
export function nearestOption(options: readonly string[], text: string): string | undefined {
  const word = text.trim().toLowerCase();
  if (word === '' || options.length === 0) return undefined;
  const begins = options.filter((option) => option.toLowerCase().startsWith(word));
  if (begins.length > 0) return begins[0];
  const near = closest(word, options.map((option) => option.toLowerCase()));
  const isNear = distance(word, near) <= Math.max(1, Math.floor((near.length + 1) / 3));
  return isNear ? options.find((option) => option.toLowerCase() === near) : undefined;
}
