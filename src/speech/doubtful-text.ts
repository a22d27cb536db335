import type { TranscribedSegment } from './transcript.js';

/** Shorter texts are not judged: people do say "да, да, да, да". */
const LOOP_MIN_WORDS = 12;
const LOOP_MAX_PERIOD = 8;
const LOOP_SHARE = 0.8;
const UNSURE_PROBABILITY = 0.3;

/** Why a window's text is not to be believed, or undefined where it looks like what somebody said. */
export function doubtAbout(segments: readonly TranscribedSegment[]): 'loop' | 'unsure' | undefined {
  const words = segments.flatMap((segment) => segment.words);
  if (words.length === 0) return undefined;
  if (isLoop(words.map(({ text }) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')))) return 'loop';
  const probability = words.reduce((sum, word) => sum + (word.probability ?? 1), 0) / words.length;
  return probability < UNSURE_PROBABILITY ? 'unsure' : undefined;
}

/** Whether the words are one phrase over and over, as models write when they have lost the thread. */
function isLoop(words: readonly string[]): boolean {
  if (words.length < LOOP_MIN_WORDS) return false;
  return Array.from({ length: LOOP_MAX_PERIOD }, (_, index) => index + 1).some((period) => {
    const repeats = words.filter((word, at) => at >= period && word === words[at - period]).length;
    return words.length >= 3 * period && repeats >= LOOP_SHARE * (words.length - period);
  });
}
