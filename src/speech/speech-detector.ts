import type { PcmFile } from '../media/pcm-file.js';

/** A stretch of a recording in which somebody speaks. */
export interface SpeechSpan {
  startMs: number;
  endMs: number;
}

/**
 * Finds where somebody speaks: spans in order, apart from each other, without padding. None for silence, noise and tones,
 * so that no model gets the chance to invent words there. Memory stays the same however long the recording is.
 */
export interface SpeechDetector {
  readonly name: string;
  detect(recording: PcmFile, signal: AbortSignal): Promise<SpeechSpan[]>;
}
