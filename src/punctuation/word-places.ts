/** A word as the engine gave it, with its place in the audio. */
export interface SpokenWord {
  text: string;
  startMs: number;
  endMs: number;
  /** In [0, 1], where the engine tells. */
  probability?: number;
}

/** Where a word stands in a text: from its first letter or digit to behind its last. */
export interface WordPlace {
  word: SpokenWord;
  from: number;
  to: number;
}

const LETTER = /[\p{L}\p{M}\p{N}]/u;

/**
 * Where the words that an engine gave stand in the text that punctuation made of them, which keeps their letters and their
 * order and changes all the rest. Undefined where the letters are not the same. Words without a letter have no place. Pure.
 */
export function wordPlaces(text: string, words: readonly SpokenWord[]): WordPlace[] | undefined {
  const letters = lettersOf(text);
  const places: WordPlace[] = [];
  let at = 0;
  for (const word of words) {
    const own = lettersOf(word.text);
    const there = letters.slice(at, at + own.length);
    if (own.some(({ letter }, index) => letter !== there[index]?.letter)) return undefined;
    at += own.length;
    const [first, last] = [there[0], there.at(-1)];
    if (first !== undefined && last !== undefined) places.push({ word, from: first.at, to: last.end });
  }
  return at === letters.length ? places : undefined;
}

/** Letters and digits in lower case, with where each stands. */
function lettersOf(text: string): { letter: string; at: number; end: number }[] {
  const letters: { letter: string; at: number; end: number }[] = [];
  let at = 0;
  for (const character of text) {
    if (LETTER.test(character)) letters.push({ letter: character.toLowerCase(), at, end: at + character.length });
    at += character.length;
  }
  return letters;
}
