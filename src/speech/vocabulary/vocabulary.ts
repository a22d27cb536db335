/** Names and jargon as their owner wrote them, the oldest first. */
export type Vocabulary = readonly string[];

export const MAX_WORDS = 200;
export const MAX_WORD_LENGTH = 50;

/**
 * `Гамаюн, kubectl, Сан Саныч` → the words, each once; undefined where one of them is too long, has no letter or digit or a
 * control character in it, or there are too many. Commas, semicolons and line ends part them.
 */
export function parseVocabulary(text: string): Vocabulary | undefined {
  const given = text.split(/[,;\n]/).map((word) => word.normalize('NFC').trim().replace(/ +/g, ' '));
  const words = withoutDoubles(given.filter((word) => word !== ''));
  return words.length <= MAX_WORDS && words.every(isVocabularyWord) ? words : undefined;
}

/** Each word once, where it stands last; `Redis` and `redis` are the same, written as it was last. */
export function withoutDoubles(words: Vocabulary): Vocabulary {
  const latest = new Map<string, string>();
  for (const word of words) {
    latest.delete(word.toLowerCase());
    latest.set(word.toLowerCase(), word);
  }
  return [...latest.values()];
}

function isVocabularyWord(word: string): boolean {
  return word.length <= MAX_WORD_LENGTH && /[\p{L}\p{N}]/u.test(word) && !/[\p{C}\p{Zl}\p{Zp}]/u.test(word);
}
