import { pcmFileDurationMs, type PcmFile } from '../media/pcm-file.js';
import { quietestMoment } from './quietest-moment.js';
import { ALL_MECHANISMS, type Mechanisms } from './recognition-mechanisms.js';
import type { SpeechDetector, SpeechSpan } from './speech-detector.js';
import { fixedWindows, planWindows, type SpeechWindow } from './speech-windows.js';

/** What of a recording is to be heard, in which windows. */
export interface RecognitionPlan {
  recording: PcmFile;
  audioMs: number;
  /** The detected speech. */
  spans: SpeechSpan[];
  windows: SpeechWindow[];
  mechanisms: Mechanisms;
}

/** The same recording and options give the same plan each time, so that a later try can go on where one ended. */
export async function planRecognition(
  recording: PcmFile,
  detector: SpeechDetector,
  options: { maxWindowMs: number; mechanisms?: Partial<Mechanisms> },
  signal: AbortSignal,
): Promise<RecognitionPlan> {
  const { maxWindowMs } = options;
  const audioMs = pcmFileDurationMs(recording);
  const mechanisms = { ...ALL_MECHANISMS, ...options.mechanisms };
  const spans = mechanisms.detector ? await detector.detect(recording, signal) : [{ startMs: 0, endMs: audioMs }];
  const cutPoint = (fromMs: number, toMs: number) => quietestMoment(recording, fromMs, toMs);
  const windows = mechanisms.windows
    ? await planWindows({ spans, durationMs: audioMs, maxWindowMs, cutPoint })
    : fixedWindows(spans, audioMs, maxWindowMs);
  return { recording, audioMs, spans, windows, mechanisms };
}
