import { hasSentenceMark } from './marks.js';
import { pauseMs } from './sentence-ends.js';
import type { TimedText } from './timed-text.js';
import type { Token } from './tokens.js';

/**
 * A silence this long parts one topic from the next. Pauses over 1 s are already the long class of spontaneous speech
 * (Campione & Véronis 2002); at twice that the speaker has stopped and started again.
 */
export const PARAGRAPH_PAUSE_MS = 2000;

/** Shorter texts fit a telephone's screen and need no paragraphs; counted in letters and digits, about 120 words. */
export const PARAGRAPH_TEXT_LETTERS = 600;

/** A paragraph has at least this many letters (about three sentences), or every sentence would stand alone. */
export const PARAGRAPH_LETTERS = 150;

/** Blank lines at very long pauses of long texts, only where a sentence has ended. */
export function breakParagraphs(tokens: readonly Token[], segments: readonly TimedText[]): Token[] {
  const letters = tokens.map(({ text }) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0);
  if (letters.reduce((sum, count) => sum + count, 0) < PARAGRAPH_TEXT_LETTERS) return [...tokens];
  let written = 0;
  return tokens.map((token, i) => {
    const previous = tokens[i - 1];
    const breaks =
      previous !== undefined &&
      written >= PARAGRAPH_LETTERS &&
      hasSentenceMark(previous.text) &&
      pauseMs(previous, token, segments) >= PARAGRAPH_PAUSE_MS;
    if (breaks || token.before === '\n\n') written = 0;
    written += letters[i] ?? 0;
    return breaks ? { ...token, before: '\n\n' } : token;
  });
}
