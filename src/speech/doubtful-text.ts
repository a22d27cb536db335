import { uncoveredSpeechMs } from './speech-cover.js';
import type { SpeechSpan } from './speech-detector.js';
import type { Doubt, TranscribedSegment } from './transcript.js';

/** Shorter texts are not judged: people do say "да, да, да, да". */
const LOOP_MIN_WORDS = 12;
const LOOP_MAX_PERIOD = 8;
const LOOP_SHARE = 0.8;
/** So often one after the other a phrase within other text is more than emphasis. */
const REPEATED_TIMES = 4;
/** Below the first a text is heard again; below the second it is left out: the real models are as unsure of a mumbled answer as of noise. */
const UNSURE_PROBABILITY = 0.3;
const INVENTED_PROBABILITY = 0.2;
/** OpenAI's own limits: of people in noise the models say both, silence and words, and are less sure than usual. */
const NO_SPEECH_PROBABILITY = 0.6;
const NO_SPEECH_LOG_PROBABILITY = -1;
/** The fastest readers stay below it; of a few words the times are too coarse to say. */
const FASTEST_WORDS_PER_S = 6;
const FAST_MIN_WORDS = 8;
/** Timestamps are coarse: only speech that is missing for this long, and this much of it, counts. */
const INCOMPLETE_MS = 3000;
const INCOMPLETE_SHARE = 0.25;

/**
 * Why a window's text is not to be believed, or undefined where it looks like what somebody said. Times are the window's;
 * without the detected `speech` in it, only the text is judged.
 */
export function doubtAbout(segments: readonly TranscribedSegment[], speech?: readonly SpeechSpan[]): Doubt | undefined {
  if (segments.length === 0) return 'empty';
  const words = segments.flatMap(({ text }) => plainWords(text));
  if (isLoop(words)) return 'loop';
  if (wordProbability(segments) < UNSURE_PROBABILITY) return 'unsure';
  if (saysNoSpeech(segments)) return 'no-speech';
  if (hasLoop(words)) return 'repeats';
  if (speech === undefined) return undefined;
  const speechMs = speech.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  if (words.length >= FAST_MIN_WORDS && words.length * 1000 > FASTEST_WORDS_PER_S * speechMs) return 'too-fast';
  const missedMs = uncoveredSpeechMs(segments, speech);
  return missedMs > INCOMPLETE_MS && missedMs > INCOMPLETE_SHARE * speechMs ? 'incomplete' : undefined;
}

/** Whether a text with this doubt is more likely invented than said, and rather left out than shown. */
export function isInvented(doubt: Doubt | undefined, segments: readonly TranscribedSegment[]): boolean {
  if (doubt === 'unsure') return wordProbability(segments) < INVENTED_PROBABILITY;
  return doubt === 'loop' || doubt === 'no-speech';
}

/** The mean of the words'; 1 where the engine does not tell. */
function wordProbability(segments: readonly TranscribedSegment[]): number {
  return meanOf(segments.flatMap((segment) => segment.words.flatMap((word) => word.probability ?? []))) ?? 1;
}

function plainWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function saysNoSpeech(segments: readonly TranscribedSegment[]): boolean {
  const silence = meanOf(segments.flatMap(({ noSpeechProbability }) => noSpeechProbability ?? []));
  const sure = meanOf(segments.flatMap(({ avgLogProbability }) => avgLogProbability ?? []));
  return (silence ?? 0) > NO_SPEECH_PROBABILITY && (sure ?? 0) < NO_SPEECH_LOG_PROBABILITY;
}

/** Whether the words are one phrase over and over, as models write when they have lost the thread. */
function isLoop(words: readonly string[]): boolean {
  if (words.length < LOOP_MIN_WORDS) return false;
  return Array.from({ length: LOOP_MAX_PERIOD }, (_, index) => index + 1).some((period) => {
    const repeats = words.filter((word, at) => at >= period && word === words[at - period]).length;
    return words.length >= 3 * period && repeats >= LOOP_SHARE * (words.length - period);
  });
}

/** Whether a part of the words is such a loop: the decoder got stuck, most often at the end, and the rest may well be right. */
function hasLoop(words: readonly string[]): boolean {
  return Array.from({ length: LOOP_MAX_PERIOD }, (_, index) => index + 1).some((period) => {
    let run = period;
    return words.some((word, at) => {
      run = at >= period && word === words[at - period] ? run + 1 : period;
      return run >= Math.max(LOOP_MIN_WORDS, REPEATED_TIMES * period);
    });
  });
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
