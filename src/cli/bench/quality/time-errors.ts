import type { TranscribedSegment } from '../../../speech/transcript.js';
import type { SpokenSegment } from './spoken.js';
import { alignWords, wordsOf } from './word-alignment.js';

/**
 * How far (ms) starts and ends of segments lie from the truth. A start is compared where the segment begins with the first
 * word of a spoken one, an end where it ends with the last word of one; a segment that the engine cut elsewhere has no truth.
 */
export function timeErrors(truth: readonly SpokenSegment[], got: readonly TranscribedSegment[]): number[] {
  const wanted = edges(truth);
  const found = edges(got);
  return alignWords(wanted.words, found.words).same.flatMap(([one, other]) => [
    ...difference(wanted.starts.get(one), found.starts.get(other)),
    ...difference(wanted.ends.get(one), found.ends.get(other)),
  ]);
}

interface Edges {
  words: string[];
  /** By the number of the word that begins or ends a segment. */
  starts: Map<number, number>;
  ends: Map<number, number>;
}

function edges(segments: readonly SpokenSegment[]): Edges {
  const all: Edges = { words: [], starts: new Map(), ends: new Map() };
  for (const { startMs, endMs, text } of segments) {
    const words = wordsOf(text);
    if (words.length === 0) continue;
    all.starts.set(all.words.length, startMs);
    all.words.push(...words);
    all.ends.set(all.words.length - 1, endMs);
  }
  return all;
}

function difference(one: number | undefined, other: number | undefined): number[] {
  return one === undefined || other === undefined ? [] : [Math.abs(one - other)];
}
