import { wordPlaces, type SpokenWord } from './word-places.js';
import type { TimedText } from './timed-text.js';

/** A word as it reads in the text, with the marks that cling to it. */
export interface TimedWord extends TimedText {
  probability?: number;
  /** Where it stands in its segment's text. */
  at: number;
}

/** A segment with its words. */
export interface WordedText extends TimedText {
  words: TimedWord[];
}

const BETWEEN_SEGMENTS = '\n';

/**
 * Punctuated segments with the words that they are made of, each with the time that the engine gave it. Segments have no
 * words where those cannot be found in the text. Pure.
 */
export function withWords(segments: readonly TimedText[], spoken: readonly SpokenWord[]): WordedText[] {
  const places = wordPlaces(segments.map(({ text }) => text).join(BETWEEN_SEGMENTS), spoken) ?? [];
  let start = 0;
  return segments.map((segment) => {
    const from = start;
    start += segment.text.length + BETWEEN_SEGMENTS.length;
    const own = places.filter((place) => place.from >= from && place.from < start);
    const cuts = own.map(({ from: at }, index) => (index === 0 ? 0 : cutBefore(segment.text, (own[index - 1]?.to ?? from) - from, at - from)));
    const words = own.map(({ word: { startMs, endMs, probability } }, index): TimedWord => {
      const at = cuts[index] ?? 0;
      const text = segment.text.slice(at, cuts[index + 1] ?? segment.text.length).trim();
      return { startMs, endMs, text, at, ...(probability !== undefined && { probability }) };
    });
    return { ...segment, words };
  });
}

/** Between two words the space before the second parts them, and where there is none, its first letter. */
function cutBefore(text: string, endOfOne: number, startOfOther: number): number {
  const space = text.slice(endOfOne, startOfOther).search(/\s\S*$/u);
  return space < 0 ? startOfOther : endOfOne + space + 1;
}
