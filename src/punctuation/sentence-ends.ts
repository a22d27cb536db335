import { DANGLING } from './language-words.js';
import { fullStopFor, hasAnyMark, hasSentenceMark, withoutClosers } from './marks.js';
import { isQuestion } from './question.js';
import type { TimedText } from './timed-text.js';
import type { Token } from './tokens.js';

/**
 * A silence this long between two bare segments ends a sentence. Pauses in speech fall into brief (< 200 ms), medium
 * (200-1000 ms) and long ones (Campione & Véronis 2002, 6000 pauses in five languages); hesitations are mostly in the
 * lower half of the medium ones, and 600 ms at the end of a sentence sounds the most natural to listeners (Liu et al.
 * 2022, doi 10.3389/fpsyg.2022.778018). A segment's end also runs into the silence behind it, so what is left is at least this.
 */
export const SENTENCE_PAUSE_MS = 600;

/** Without any mark for this many words, a model that otherwise punctuates has stopped doing so (Const-me/Whisper#191). */
export const BARE_STRETCH_WORDS = 25;

/**
 * Ends sentences. Text with marks of its own is trusted: a cut between segments, or a pause, then says nothing about its
 * sentences. In bare text, and in long bare stretches, a pause ends one. The very last word always does.
 */
export function markSentenceEnds(
  tokens: readonly Token[],
  segments: readonly TimedText[],
  language: string | undefined,
): Token[] {
  const stretch = bareStretches(tokens);
  const bare = !tokens.some(({ text }) => hasAnyMark(text));
  let sentence: string[] = [];
  return tokens.map((token, i) => {
    sentence.push(token.text);
    const next = tokens[i + 1];
    const atPause =
      (bare || (stretch[i] ?? 0) > BARE_STRETCH_WORDS) &&
      !isDangling(token.text, language) &&
      pauseMs(token, next, segments) >= SENTENCE_PAUSE_MS;
    const text = next === undefined || atPause ? withSentenceMark(sentence, language, next === undefined) : token.text;
    if (hasSentenceMark(text)) sentence = [];
    return text === token.text ? token : { ...token, text, endsSentence: true };
  });
}

/** The silence between the segments of two tokens; 0 inside one segment. */
export function pauseMs(token: Token, next: Token | undefined, segments: readonly TimedText[]): number {
  if (next === undefined || next.segment === token.segment) return 0;
  return (segments[next.segment]?.startMs ?? 0) - (segments[token.segment]?.endMs ?? 0);
}

/** For each token, how many words the run without any mark that it stands in has. */
function bareStretches(tokens: readonly Token[]): number[] {
  const lengths: number[] = [];
  let start = 0;
  tokens.forEach((token, i) => {
    if (!hasAnyMark(token.text) && i < tokens.length - 1) return;
    const length = i + 1 - start;
    for (; start <= i; start += 1) lengths.push(length);
  });
  return lengths;
}

function isDangling(token: string, language: string | undefined): boolean {
  return DANGLING.get(language ?? '')?.has(token.toLowerCase()) ?? false;
}

/** The last of the sentence's words with the mark that ends it, or as it is where none would be right. */
function withSentenceMark(sentence: readonly string[], language: string | undefined, atEnd: boolean): string {
  const last = sentence.at(-1) ?? '';
  if (hasSentenceMark(last)) return last;
  // Cut off after a comma: nothing follows that it could part.
  const word = atEnd ? last.replace(/(?<=[\p{L}\p{M}\p{N}])[,;]$/u, '') : last;
  if (!/[\p{L}\p{M}\p{N}%°\p{Sc}]$/u.test(withoutClosers(word)) || /[)\]]$/.test(word)) return last;
  const letters = sentence.join('').match(/\p{L}/gu);
  const stop = fullStopFor(letters?.at(-1), language);
  if (stop === undefined) return last;
  return word + (stop === '.' && isQuestion([...sentence.slice(0, -1), word], language) ? '?' : stop);
}
