import { deflateSync } from 'node:zlib';
import { doubtAbout } from './doubtful-text.js';
import { meanLogProbability } from './mean-log-probability.js';
import { uncoveredSpeechMs } from './speech-cover.js';
import type { SpeechSpan } from './speech-detector.js';
import type { Doubt, TranscribedSegment } from './transcript.js';

/** A try that heard nothing is as bad as a text of which hardly a word is sure. */
const EMPTY_SCORE = -1.5;
/** What an engine that tells no probabilities is taken to be worth: less than a good try, more than a bad one. */
const UNTOLD_LOG_PROBABILITY = -0.5;
const DOUBT_COST: Readonly<Record<Doubt, number>> = { loop: 2, repeats: 0.75, unsure: 1, 'no-speech': 1, 'too-fast': 0.5, incomplete: 0.5, empty: 0 };
/** Spoken text does not compress further than this; a model that goes in circles writes some that does (OpenAI's own limit). */
const COMPRESSION_LIMIT = 2.4;
const COMPRESSION_COST = 0.5;

/**
 * How good one try at a window is; the best of several is kept. Higher is better, 0 the best: the mean log probability of
 * its words, less what speaks against it: loops, circles, more words than anybody says, detected speech that it leaves out.
 * A text drawn at a `temperature` says of itself that it is surer than it is (whisper.cpp divides by it before it counts), so
 * that is taken back.
 */
export function windowScore(segments: readonly TranscribedSegment[], speech: readonly SpeechSpan[], temperature = 0): number {
  if (segments.length === 0) return EMPTY_SCORE;
  const doubt = doubtAbout(segments, speech);
  const circles = Math.max(0, compressionRatio(segments) - COMPRESSION_LIMIT) * COMPRESSION_COST;
  const speechMs = speech.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const missed = speechMs === 0 ? 0 : uncoveredSpeechMs(segments, speech) / speechMs;
  const told = meanLogProbability(segments);
  const sure = told === undefined ? UNTOLD_LOG_PROBABILITY : told / (temperature > 0 ? Math.min(1, temperature) : 1);
  return rounded(sure - circles - missed - (doubt === undefined ? 0 : DOUBT_COST[doubt]));
}

/** One byte a letter, so that Cyrillic is not taken for a loop because each letter begins with the same byte. */
function compressionRatio(segments: readonly TranscribedSegment[]): number {
  const text = Buffer.from(segments.map(({ text }) => text).join(' '), 'latin1');
  return text.length / deflateSync(text).length;
}

function rounded(score: number): number {
  return Math.round(score * 1000) / 1000;
}
