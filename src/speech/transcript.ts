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

/**
 * What looks wrong about a window's text: one phrase over and over, or in a part of it, words that the engine itself is not sure of, text where
 * it says there is no speech, more words than anybody can say, speech that was left out, nothing at all.
 */
export type Doubt = 'loop' | 'repeats' | 'unsure' | 'no-speech' | 'too-fast' | 'incomplete' | 'empty';

/** One run of the engine over a window. */
export interface WindowAttempt {
  audioContext: 'full' | 'fit';
  temperature: number;
  /** See `windowScore`. */
  score: number;
  /** What looked wrong about it. */
  doubt?: Doubt;
}

/** How one window of a recording became text. */
export interface WindowReport {
  startMs: number;
  endMs: number;
  attempts: WindowAttempt[];
  /** Which attempt's text stands in the transcript; absent where none was believed, or none had text. */
  kept?: number;
}

/** What speech recognition found. No segments means that there is no speech in the audio. */
export interface Recognition {
  segments: TranscribedSegment[];
  /** ISO 639-1 code of what was spoken; absent where there is no speech. */
  language?: string;
  /** Speech of which that language is certain; absent where it was given, or taken for granted. */
  languageSureMs?: number;
  model: string;
  engine: string;
  audioMs: number;
  /** Of that, what the detector took for speech and the engine heard. */
  speechMs: number;
  /** Wall time of the engine alone, that of earlier tries at this recording included. */
  engineMs: number;
  /** How each window was heard. */
  windows?: WindowReport[];
  /** So many of the windows were taken over from an earlier try that did not come to its end. */
  resumedWindows?: number;
}
