import type { Cue } from './subtitle-cues.js';
import type { WordedText } from './timed-words.js';

/** Engines give words no length at all now and then; players show nothing of those. */
const SHORTEST_WORD_MS = 40;

/** A cue for every word, in order of time, none of no length or into the next one; a segment without words is one cue. */
export function wordCues(segments: readonly WordedText[]): Cue[] {
  const words = segments
    .flatMap(({ words: own, ...segment }) => (own.length > 0 ? own : [segment]))
    .map(({ startMs, endMs, text }) => ({ startMs, endMs, text: text.replace(/\s+/g, ' ').trim() }))
    .filter(({ text }) => text !== '')
    .sort((one, other) => one.startMs - other.startMs);
  const cues: Cue[] = [];
  for (const { startMs: saidMs, endMs, text } of words) {
    const previous = cues.at(-1);
    const startMs = Math.max(Math.round(saidMs), (previous?.startMs ?? -SHORTEST_WORD_MS) + SHORTEST_WORD_MS);
    if (previous) previous.endMs = Math.min(previous.endMs, startMs);
    cues.push({ startMs, endMs: Math.max(Math.round(endMs), startMs + SHORTEST_WORD_MS), lines: [text] });
  }
  return cues;
}
