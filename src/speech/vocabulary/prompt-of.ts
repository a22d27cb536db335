import type { Vocabulary } from './vocabulary.js';

/** Whisper reads half of its text context as what was said before: n_text_ctx / 2 - 1. Of a longer prompt whisper.cpp drops the beginning. */
export const PROMPT_TOKENS = 223;

const SEPARATOR = ', ';
const END = '.';

/**
 * The vocabulary as a prompt, within the engine's limit: where it is too long, the first words are left out, so the most
 * specific and latest must stand last. Undefined where there is nothing to prompt with.
 */
export function promptOf(vocabulary: Vocabulary): string | undefined {
  const words: string[] = [];
  let tokens = tokensAtMost(END);
  for (const word of [...vocabulary].reverse()) {
    tokens += tokensAtMost(word + SEPARATOR);
    if (tokens > PROMPT_TOKENS) break;
    words.unshift(word);
  }
  return words.length === 0 ? undefined : words.join(SEPARATOR) + END;
}

/** How many words of the vocabulary are too many for the prompt. */
export function leftOutOfPrompt(vocabulary: Vocabulary): number {
  return vocabulary.length - (promptOf(vocabulary)?.split(SEPARATOR).length ?? 0);
}

/**
 * More than Whisper's vocabulary makes of it, whichever model: Latin and Cyrillic letters are tokens at least, and whatever
 * takes more bytes may be cut into almost as many tokens. Real names come to about half of it.
 */
function tokensAtMost(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + Math.max(1, Buffer.byteLength(character) - 1), 0);
}
