import { pcmDurationMs } from '../media/pcm.js';
import { audioContextFor, FULL_AUDIO_CONTEXT } from './audio-context.js';
import type { EngineRequest } from './engine.js';

/** What writing down 30 s of speech costs beside the encoder's work on them, measured with base and small. */
const DECODER_SHARE = 0.7;
const WINDOW_MS = 30_000;
/** A text that runs on to the limit of the decoder honestly takes several times as long. */
const PATIENCE = 10;
/** A machine that does other things at the same time is slow for a while; that is no hang. */
const LEAST_LIMIT_MS = 60_000;
/** While nothing is known about this model on this machine. */
const UNKNOWN_LIMIT_PER_AUDIO_MS = 20;
const WEIGHT_OF_NEWEST = 0.2;
const MAX_DOUBLINGS = 4;

export interface ExpectedTimeOptions {
  /** How many times the expected time a request may take. */
  patience?: number;
  leastLimitMs?: number;
}

/** How much work a request is for the engine, in full windows of its encoder (30 s of sound heard once). */
export function workOf({ pcm, thorough, language, languageProbabilities }: EngineRequest): number {
  const durationMs = pcmDurationMs(pcm);
  const context = thorough === true ? FULL_AUDIO_CONTEXT : audioContextFor(durationMs);
  // To find out the language is another pass of the encoder.
  const passes = 1 + (language === 'auto' ? 1 : 0) + (languageProbabilities === true ? 1 : 0);
  return (passes * context) / FULL_AUDIO_CONTEXT + (DECODER_SHARE * durationMs) / WINDOW_MS;
}

/** How long requests to one model take: what was measured, and from then on a running average of what was seen. */
export class ExpectedTime {
  #of: string | undefined;
  #msPerWindow: number | undefined;
  #doublings = 0;

  constructor(private readonly options: ExpectedTimeOptions = {}) {}

  /** For `of` (a model in a certain set-up) it begins with a measurement, or with nothing; what was seen of it already stays. */
  begin(of: string, msPerWindow: number | undefined): void {
    if (this.#of === of) return;
    this.#of = of;
    this.#msPerWindow = msPerWindow;
    this.#doublings = 0;
  }

  /** Undefined while nothing was measured or seen. */
  expectedMs(request: EngineRequest): number | undefined {
    return this.#msPerWindow === undefined ? undefined : this.#msPerWindow * workOf(request);
  }

  /** After this time without an answer the engine counts as hung. */
  limitMs(request: EngineRequest): number {
    const { patience = PATIENCE, leastLimitMs = LEAST_LIMIT_MS } = this.options;
    const expected = this.expectedMs(request);
    const limit = expected === undefined ? leastLimitMs + UNKNOWN_LIMIT_PER_AUDIO_MS * pcmDurationMs(request.pcm) : Math.max(leastLimitMs, patience * expected);
    return Math.round(limit * 2 ** this.#doublings);
  }

  answered(request: EngineRequest, tookMs: number): void {
    const seen = tookMs / workOf(request);
    this.#msPerWindow = this.#msPerWindow === undefined ? seen : this.#msPerWindow + WEIGHT_OF_NEWEST * (seen - this.#msPerWindow);
    this.#doublings = 0;
  }

  /** The next limits are longer until there is an answer: should the machine only have become slow, it will come. */
  timedOut(): void {
    this.#doublings = Math.min(this.#doublings + 1, MAX_DOUBLINGS);
  }
}
