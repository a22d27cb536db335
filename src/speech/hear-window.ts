import type { Logger } from '../log/logger.js';
import { pcmDurationMs, type Pcm } from '../media/pcm.js';
import { audioContextFor, FULL_AUDIO_CONTEXT } from './audio-context.js';
import { cleanSegments } from './clean-segments.js';
import { doubtAbout, isInvented } from './doubtful-text.js';
import type { Engine, EngineRequest, EngineResult } from './engine.js';
import { isPhantom } from './phantom-phrases.js';
import type { Mechanisms } from './recognition-mechanisms.js';
import type { SpeechSpan } from './speech-detector.js';
import type { TranscribedSegment, WindowAttempt } from './transcript.js';
import { windowScore } from './window-score.js';

export interface WindowSound {
  pcm: Pcm;
  /** The detected speech in it. */
  speech: readonly SpeechSpan[];
}

export interface HeardSound {
  /** Empty where nothing was heard that can be believed. */
  segments: TranscribedSegment[];
  language: string;
  madeBy?: { engine: string; model: string };
  attempts: WindowAttempt[];
  kept?: number;
  /** How long the engine worked on all tries, where it tells. */
  workMs?: number;
}

interface Deps {
  /** The first try, in the language that is to be expected. */
  first: (request: Pick<EngineRequest, 'pcm' | 'thorough'>, signal: AbortSignal) => Promise<EngineResult>;
  engine: Engine;
  log: Logger;
}

interface Attempt extends WindowAttempt {
  result: EngineResult;
}

/** How the engine is asked again where a result looks wrong; at most two of these follow a first try. */
const RETRIES: readonly { thorough: true; temperature: number }[] = [
  { thorough: true, temperature: 0 },
  { thorough: true, temperature: 0.4 },
  { thorough: true, temperature: 0.8 },
];
const MOST_ATTEMPTS = 3;

/**
 * One window's text: the best of up to three tries. A result that looks wrong is tried again with the whole encoder, then
 * by chance instead of by likelihood; what is still more likely invented than said is left out.
 */
export async function hearWindow(
  { pcm, speech }: WindowSound,
  deps: Deps,
  mechanisms: Mechanisms,
  signal: AbortSignal,
): Promise<HeardSound> {
  const thorough = !mechanisms.fitContext;
  const isFit = !thorough && deps.engine.abilities.thorough && audioContextFor(pcmDurationMs(pcm)) < FULL_AUDIO_CONTEXT;
  const judged = (result: EngineResult, audioContext: 'full' | 'fit', temperature: number): Attempt => {
    const segments = cleanSegments(result.segments);
    const doubt = doubtAbout(segments, speech);
    const score = windowScore(segments, speech, temperature);
    return { audioContext, temperature, score, ...(doubt !== undefined && { doubt }), result: { ...result, segments } };
  };
  const first = await deps.first({ pcm, ...(thorough && { thorough }) }, signal);
  const attempts = [judged(first, isFit ? 'fit' : 'full', 0)];
  const retries = mechanisms.retry ? RETRIES.filter((retry) => isOther(retry, isFit, deps.engine)) : [];
  for (const retry of retries.slice(0, MOST_ATTEMPTS - 1)) {
    if (attempts.at(-1)?.doubt === undefined || isSettled(attempts)) break;
    const result = await deps.engine.transcribe({ pcm, language: first.language, ...retry }, signal);
    attempts.push(judged(result, 'full', retry.temperature));
  }
  return verdict(attempts, speech, mechanisms, deps.log);
}

/** Whether the engine would do anything else than in the first try. */
function isOther(retry: { temperature: number }, firstWasFit: boolean, { abilities }: Engine): boolean {
  return retry.temperature === 0 ? firstWasFit : abilities.temperature;
}

/** Two tries with the same text (or twice none) leave nothing to find out, unless both went in circles. */
function isSettled(attempts: readonly Attempt[]): boolean {
  const [last, before] = [attempts.at(-1), attempts.at(-2)];
  return last !== undefined && before !== undefined && last.doubt !== 'loop' && last.doubt !== 'repeats' && textOf(last) === textOf(before);
}

function verdict(attempts: readonly Attempt[], speech: readonly SpeechSpan[], mechanisms: Mechanisms, log: Logger): HeardSound {
  const best = attempts.reduce((a, b) => (b.score > a.score ? b : a));
  const { result } = best;
  const doubt =
    mechanisms.gates && isInvented(best.doubt, result.segments) ? best.doubt : mechanisms.phantoms && isPhantom(result.segments, speech) ? 'phantom' : undefined;
  if (doubt !== undefined) log.info({ doubt, attempts: attempts.length }, 'a window was left out: its text is no speech');
  const workMs = attempts.reduce<number | undefined>((sum, { result: { workMs: ms } }) => (sum === undefined || ms === undefined ? undefined : sum + ms), 0);
  const isKept = doubt === undefined && result.segments.length > 0;
  return {
    segments: isKept ? result.segments : [],
    language: result.language,
    ...(result.madeBy !== undefined && { madeBy: result.madeBy }),
    attempts: attempts.map(({ audioContext, temperature, score, doubt: why }) => ({ audioContext, temperature, score, ...(why !== undefined && { doubt: why }) })),
    ...(isKept && { kept: attempts.indexOf(best) }),
    ...(workMs !== undefined && { workMs }),
  };
}

function textOf({ result }: Attempt): string {
  return result.segments.map(({ text }) => text).join(' ');
}
