import { AppError } from '../errors.js';
import { pcmDurationMs } from '../media/pcm.js';
import { BUNDLED_MODEL } from '../setup/model-catalogue.mjs';
import { doubtAbout } from './doubtful-text.js';
import type { EngineRequest, EngineResult } from './engine.js';
import { knownClip, type KnownClip } from './known-clip.js';

/** The engine answered, but not as an engine that can be trusted with voices. */
export class CanaryError extends AppError {}

/** In English, which every model knows; those after the first are for a model that makes nothing of the first. */
const CLIPS = ['02-en.ogg', '10-en.ogg', '04-en.ogg'];
/** Nobody speaks faster: the quickest auctioneers say some eight. */
const MOST_WORDS_PER_SECOND = 10;

/** Tries an engine before it gets work; see `canary`. */
export type Canary = typeof canary;

/**
 * Lets an engine hear clips whose text is known. The bundled model must give most of the words of the first; another model,
 * whose hearing we do not know, any text that somebody could have said in that time. @throws CanaryError, or as `ask` does
 */
export async function canary(
  model: string,
  ask: (request: EngineRequest) => Promise<EngineResult>,
  signal: AbortSignal,
): Promise<void> {
  let heard = '';
  for (const file of model === BUNDLED_MODEL.name ? CLIPS.slice(0, 1) : CLIPS) {
    const clip = await knownClip(file, signal);
    const result = await ask({ pcm: clip.pcm, language: clip.language });
    heard = result.segments.map(({ text }) => text).join(' ');
    if (model === BUNDLED_MODEL.name ? saysMostOf(clip, heard) : isPlausible(result, clip)) return;
  }
  const what = model === BUNDLED_MODEL.name ? 'the wrong text' : 'no text that anybody could have said';
  throw new CanaryError(`${model} makes ${what} of a known clip: ${JSON.stringify(heard.slice(0, 80))}`);
}

function saysMostOf({ text }: KnownClip, heard: string): boolean {
  const wanted = wordsOf(text);
  const words = new Set(wordsOf(heard));
  return wanted.filter((word) => words.has(word)).length * 2 > wanted.length;
}

function isPlausible({ segments }: EngineResult, { pcm }: KnownClip): boolean {
  const words = wordsOf(segments.map(({ text }) => text).join(' '));
  if (words.length === 0 || words.length > (MOST_WORDS_PER_SECOND * pcmDurationMs(pcm)) / 1000) return false;
  return doubtAbout(segments, []) !== 'loop';
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
