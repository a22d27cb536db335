import type { TranscribedSegment, WindowReport } from './transcript.js';

/** All that is known of a window when the engine is done with it. Times are the recording's. */
export interface FinishedWindow {
  segments: TranscribedSegment[];
  language: string;
  engineMs: number;
  report: WindowReport;
  /** Who heard it, where that is not the engine that was asked. */
  madeBy?: { engine: string; model: string };
}

/** What of one recording is done, kept outside of this process: a later try goes on from there. */
export interface RecognitionCheckpoint {
  /** The windows finished under this fingerprint, from the first on without a gap; those of another one are forgotten. */
  read(fingerprint: string): Promise<FinishedWindow[]>;
  write(fingerprint: string, index: number, window: FinishedWindow): Promise<void>;
}
