import type { Logger } from '../log/logger.js';
import { pcmFileDurationMs, readWindow, type PcmFile } from '../media/pcm-file.js';
import type { Pcm } from '../media/pcm.js';
import { cleanSegments } from './clean-segments.js';
import { doubtAbout } from './doubtful-text.js';
import type { Engine, EngineResult } from './engine.js';
import { quietestMoment } from './quietest-moment.js';
import type { SpeechDetector } from './speech-detector.js';
import { planWindows, toRecordingMs, windowMs, type SpeechWindow } from './speech-windows.js';
import type { Recognition, TranscribedSegment } from './transcript.js';

export interface RecognizeDeps {
  engine: Engine;
  detector: SpeechDetector;
  log: Logger;
}

export interface RecognizeOptions {
  /** ISO 639-1, or `auto`. */
  language: string;
  /** Speech that the engine hears at once, 30 s at most; less for small models. */
  maxWindowMs: number;
  /** Called after every window. */
  onProgress?: (progress: RecognitionProgress) => void;
}

export interface RecognitionProgress {
  /** Up to here the recording is done. */
  doneMs: number;
  totalMs: number;
  /** Everything found so far. */
  segments: readonly TranscribedSegment[];
}

/** Speech from which a detected language is good enough to be kept for the rest of the recording. */
const LANGUAGE_SURE_MS = 3000;

/**
 * Turns a recording into timed text: finds the speech, gives it to the engine window by window, and puts the answers back in
 * the recording's time. Without speech the engine is not asked and there are no segments. Rejects as `Engine` and
 * `SpeechDetector` do.
 */
export async function recognize(
  recording: PcmFile,
  deps: RecognizeDeps,
  options: RecognizeOptions,
  signal: AbortSignal,
): Promise<Recognition> {
  const audioMs = pcmFileDurationMs(recording);
  const spans = await deps.detector.detect(recording, signal);
  const windows = await planWindows({
    spans,
    durationMs: audioMs,
    maxWindowMs: options.maxWindowMs,
    cutPoint: (fromMs, toMs) => quietestMoment(recording, fromMs, toMs),
  });
  const segments: TranscribedSegment[] = [];
  const language = new LanguageChoice(options.language);
  let engineMs = 0;
  for (const window of windows) {
    signal.throwIfAborted();
    const pcm = await readPieces(recording, window);
    const startedAt = performance.now();
    const result = await hear(pcm, language.next(), deps, signal);
    engineMs += performance.now() - startedAt;
    if (result.segments.length > 0) language.heard(result.language, windowMs(window));
    segments.push(...result.segments.map((segment) => inRecording(segment, window)));
    options.onProgress?.({ doneMs: window.at(-1)?.endMs ?? audioMs, totalMs: audioMs, segments });
  }
  return {
    segments,
    ...(segments.length > 0 && { language: language.best() }),
    model: deps.engine.model,
    engine: deps.engine.name,
    audioMs: Math.round(audioMs),
    speechMs: Math.round(spans.reduce((sum, span) => sum + span.endMs - span.startMs, 0)),
    engineMs: Math.round(engineMs),
  };
}

/** One window's text; a doubtful one is heard again with the whole encoder, and left out if that does not help. */
async function hear(pcm: Pcm, language: string, deps: RecognizeDeps, signal: AbortSignal): Promise<EngineResult> {
  const first = await deps.engine.transcribe({ pcm, language }, signal);
  const segments = cleanSegments(first.segments);
  if (segments.length > 0 && doubtAbout(segments) === undefined) return { ...first, segments };
  const second = await deps.engine.transcribe({ pcm, language, thorough: true }, signal);
  const again = cleanSegments(second.segments);
  const doubt = doubtAbout(again);
  if (doubt === undefined) return { ...second, segments: again };
  deps.log.info({ doubt, windowMs: Math.round(pcm.samples.length / 16) }, 'a window was left out: its text is no speech');
  return { ...second, segments: [] };
}

/** Detects the language until it is sure of it, then stays with it. */
class LanguageChoice {
  private readonly heardMs = new Map<string, number>();
  private sure: string | undefined;

  constructor(private readonly wanted: string) {
    if (wanted !== 'auto') this.sure = wanted;
  }

  next(): string {
    return this.sure ?? 'auto';
  }

  heard(language: string, ms: number): void {
    this.heardMs.set(language, (this.heardMs.get(language) ?? 0) + ms);
    if (this.sure === undefined && ms >= LANGUAGE_SURE_MS) this.sure = language;
  }

  best(): string {
    const [most] = [...this.heardMs].sort(([, a], [, b]) => b - a);
    return this.sure ?? most?.[0] ?? this.wanted;
  }
}

async function readPieces(recording: PcmFile, window: SpeechWindow): Promise<Pcm> {
  const parts: Int16Array[] = [];
  for (const piece of window) parts.push((await readWindow(recording, piece.startMs, piece.endMs)).samples);
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  return { samples };
}

function inRecording(segment: TranscribedSegment, window: SpeechWindow): TranscribedSegment {
  const place = <T extends { startMs: number; endMs: number }>(timed: T): T => {
    const startMs = Math.round(toRecordingMs(window, timed.startMs, 'start'));
    const endMs = Math.round(toRecordingMs(window, timed.endMs, 'end'));
    return { ...timed, startMs, endMs: Math.max(startMs, endMs) };
  };
  return { ...place(segment), words: segment.words.map(place) };
}
