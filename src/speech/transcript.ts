/** A word as the engine gave it. */
export interface TranscribedWord {
  text: string;
  startMs: number;
  endMs: number;
  /** In [0, 1], where the engine tells. */
  probability?: number;
}

/** A piece of text with its place in the audio. */
export interface TranscribedSegment {
  startMs: number;
  endMs: number;
  text: string;
  words: TranscribedWord[];
  /** Mean natural logarithm of the tokens' probabilities, where the engine tells. */
  avgLogProbability?: number;
  /** How likely it is that this is no speech, in [0, 1], where the engine tells. */
  noSpeechProbability?: number;
}

/** What speech recognition found. No segments means that there is no speech in the audio. */
export interface Recognition {
  segments: TranscribedSegment[];
  /** ISO 639-1 code of what was spoken; absent where there is no speech. */
  language?: string;
  model: string;
  engine: string;
  audioMs: number;
  /** Of that, what the detector took for speech and the engine heard. */
  speechMs: number;
  /** Wall time of the engine alone. */
  engineMs: number;
}
