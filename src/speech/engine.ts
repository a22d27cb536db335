import type { Pcm } from '../media/pcm.js';
import type { EngineState } from './engine-state.js';
import type { TranscribedSegment } from './transcript.js';

export interface EngineRequest {
  /** At most one window (30 s) of sound. */
  pcm: Pcm;
  /** ISO 639-1, or `auto` to let the engine detect it. */
  language: string;
  /** Names and jargon that may be spoken; the engine reads them as if they had just been said. */
  prompt?: string;
  /** 0 (the default) takes the likeliest word each time; higher ones draw, which leads out of loops. */
  temperature?: number;
  /** Spend the whole encoder even on a short sound: slower, and the way out where a result looks wrong. */
  thorough?: boolean;
  /** Tell also how likely each language is, whichever was asked for. Costs whisper.cpp one more pass of the encoder, as `auto` does. */
  languageProbabilities?: boolean;
}

export interface EngineResult {
  /** Times count from the start of the given sound. */
  segments: TranscribedSegment[];
  /** ISO 639-1; `auto` where that was asked for and the engine does not tell what it heard. */
  language: string;
  /** How likely each language is, by its code; only where that was asked for, and the engine tells. */
  languageProbabilities?: Readonly<Record<string, number>>;
  /** Who heard it, where that is not the engine that was asked but one behind it. */
  madeBy?: { engine: string; model: string };
  /** How long the engine worked on it, the wait for its turn left out; where it tells. */
  workMs?: number;
}

/**
 * What an engine can do beyond text in segments with times. Asking for more is no mistake: what it cannot do is left undone.
 * It may change with the first answers, where a server has to be asked to know.
 */
export interface EngineAbilities {
  /** Words come with times. */
  readonly wordTimes: boolean;
  /** Words come with probabilities, segments with `avgLogProbability` and `noSpeechProbability`. */
  readonly probabilities: boolean;
  /** Says which language it was, where it was asked for `auto`. */
  readonly languageDetection: boolean;
  /** Tells how likely each language is. */
  readonly languageProbabilities: boolean;
  /** Heeds `prompt`. */
  readonly prompt: boolean;
  /** Heeds `temperature`. */
  readonly temperature: boolean;
  /** Saves on short sounds unless asked to be `thorough`. */
  readonly thorough: boolean;
}

/**
 * Turns one window of sound into timed text. `RetryableError` where the engine died, hung or was restarted;
 * `PermanentError('engine')` where it answered that this sound cannot be done; `SetupError` where the program or the model
 * is missing; the signal's reason when aborted (the work is then really stopped, not just forgotten).
 */
export interface Engine {
  readonly name: string;
  readonly model: string;
  readonly abilities: EngineAbilities;
  /** Whether the model is in memory, so that the next request begins at once. */
  readonly loaded: boolean;
  /** Why the next request would fail, as far as can be known without making one; undefined where nothing speaks against it. */
  trouble(): Promise<string | undefined>;
  /** More of how it is, for people, where it knows more. */
  state?(): Promise<EngineState>;
  transcribe(request: EngineRequest, signal: AbortSignal): Promise<EngineResult>;
  /** Switches models; the engine loads the new one with the next request (or now, where it is running). */
  useModel(model: string, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}
