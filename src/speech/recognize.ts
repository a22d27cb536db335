import { createHash } from 'node:crypto';
import type { Logger } from '../log/logger.js';
import { readWindow, type PcmFile } from '../media/pcm-file.js';
import type { Pcm } from '../media/pcm.js';
import type { Engine } from './engine.js';
import { hearWindow } from './hear-window.js';
import { parseLanguageChoice } from './language/language-choice.js';
import type { LanguageExpectation } from './language/language-prior.js';
import { joinAtSeam } from './join-at-seam.js';
import { Listener } from './listener.js';
import type { FinishedWindow, RecognitionCheckpoint } from './recognition-checkpoint.js';
import type { Mechanisms } from './recognition-mechanisms.js';
import { planRecognition, type RecognitionPlan } from './recognition-plan.js';
import { snapTimes } from './snap-times.js';
import type { SpeechDetector } from './speech-detector.js';
import { speechInWindow, toRecordingMs, windowMs, type SpeechWindow } from './speech-windows.js';
import type { Vocabulary } from './vocabulary/vocabulary.js';
import type { Recognition, TranscribedSegment } from './transcript.js';

export interface RecognizeDeps {
  engine: Engine;
  detector: SpeechDetector;
  log: Logger;
}

export interface RecognizeOptions {
  /** ISO 639-1; several with commas between them, of which it is to find out which; or `auto`. */
  language: string;
  /** What speaks for a language before anything is heard. */
  expectation?: LanguageExpectation | undefined;
  /** Names and jargon that may be spoken, the most specific last. */
  vocabulary?: Vocabulary | undefined;
  /** Speech that the engine hears at once, 30 s at most; less for small models. */
  maxWindowMs: number;
  /** Called after every window. */
  onProgress?: (progress: RecognitionProgress) => void;
  /** Where finished windows are written down, and read when an earlier try did not come to its end. */
  checkpoint?: RecognitionCheckpoint;
  /** What is left out, to measure what it earns; all of them are on. */
  mechanisms?: Partial<Mechanisms>;
}

export interface RecognitionProgress {
  /** Up to here the recording is done. */
  doneMs: number;
  totalMs: number;
  /** Everything found so far. */
  segments: readonly TranscribedSegment[];
}

/**
 * Turns a recording into timed text: finds the speech, gives it to the engine window by window, and puts the answers back in
 * the recording's time. Without speech the engine is not asked and there are no segments. Memory stays the same however long
 * the recording is, but for the text. Rejects as `Engine` and `SpeechDetector` do; what was finished by then is at the
 * checkpoint. A model switched meanwhile has the recording heard from its beginning, all by the new one, but not for ever: an
 * engine that comes and goes must not keep a recording from its end.
 */
export async function recognize(
  recording: PcmFile,
  deps: RecognizeDeps,
  options: RecognizeOptions,
  signal: AbortSignal,
): Promise<Recognition> {
  const plan = await planRecognition(recording, deps.detector, options, signal);
  for (let restarts = 0; ; restarts += 1) {
    const recognition = await hearAll(plan, { ...deps, mayRestart: restarts < MOST_RESTARTS }, options, signal);
    if (recognition !== undefined) return recognition;
    deps.log.info({ model: deps.engine.model }, 'the model was switched: the recording is heard from its beginning');
  }
}

const MOST_RESTARTS = 3;

/** Undefined where the model was switched meanwhile: one text never comes from two. */
async function hearAll(
  plan: RecognitionPlan,
  deps: RecognizeDeps & { mayRestart: boolean },
  options: RecognizeOptions,
  signal: AbortSignal,
): Promise<Recognition | undefined> {
  const { model, name } = deps.engine;
  const { windows, audioMs } = plan;
  const fingerprint = fingerprintOf(plan, deps.engine, options);
  const done = (await options.checkpoint?.read(fingerprint))?.slice(0, windows.length) ?? [];
  const resumedWindows = done.length;
  const { expectation, vocabulary } = options;
  const listener = new Listener(deps.engine, { language: parseLanguageChoice(options.language) ?? [options.language], expectation, vocabulary });
  const take = (window: SpeechWindow, finished: FinishedWindow) => {
    if (finished.segments.length > 0) listener.heard(finished.language, windowMs(window));
  };
  const report = (last: SpeechWindow) =>
    options.onProgress?.({ doneMs: last.at(-1)?.endMs ?? audioMs, totalMs: audioMs, segments: joined(done, plan) });
  for (const [index, finished] of done.entries()) take(windows[index] ?? [], finished);
  if (resumedWindows > 0) {
    listener.resume();
    deps.log.info({ done: resumedWindows, of: windows.length }, 'recognition goes on after the windows that an earlier try finished');
    report(windows[resumedWindows - 1] ?? []);
  }
  for (const [index, window] of windows.entries()) {
    if (index < resumedWindows) continue;
    signal.throwIfAborted();
    const finished = await finish(window, { plan, deps, listener }, signal);
    // Of several engines the one that heard it counts: which would be asked now changes with each rest of another.
    if (deps.mayRestart && deps.engine.model !== model && finished.madeBy?.model !== model) return undefined;
    done.push(finished);
    await options.checkpoint?.write(fingerprint, index, finished);
    take(window, finished);
    report(window);
  }
  const segments = joined(done, plan);
  const madeBy = done.find((window) => window.madeBy !== undefined)?.madeBy ?? { engine: name, model };
  return {
    segments,
    ...(segments.length > 0 && listener.language !== undefined && { language: listener.language }),
    ...(listener.sureMs !== undefined && { languageSureMs: Math.round(listener.sureMs) }),
    ...madeBy,
    audioMs: Math.round(audioMs),
    speechMs: Math.round(plan.spans.reduce((sum, span) => sum + span.endMs - span.startMs, 0)),
    engineMs: Math.round(done.reduce((sum, window) => sum + window.engineMs, 0)),
    windows: done.map((window) => window.report),
    ...(resumedWindows > 0 && { resumedWindows }),
  };
}

/**
 * Everything that shapes the text: what one try finished is of use to another only where all of it is the same. What is
 * expected of the speaker is left out, it learns from each voice; which language a window was heard in stands with it.
 */
function fingerprintOf({ audioMs, windows, mechanisms }: RecognitionPlan, { name, model }: Engine, options: RecognizeOptions): string {
  const { onProgress: _called, checkpoint: _kept, expectation: _grows, ...shaping } = options;
  return createHash('sha256').update(JSON.stringify([audioMs, windows, mechanisms, name, model, shaping])).digest('base64url');
}

async function finish(
  window: SpeechWindow,
  { plan, deps, listener }: { plan: RecognitionPlan; deps: RecognizeDeps; listener: Listener },
  signal: AbortSignal,
): Promise<FinishedWindow> {
  const { engine, log } = deps;
  const sound = { pcm: await readPieces(plan.recording, window), speech: speechInWindow(window, plan.spans) };
  const startedAt = performance.now();
  const first: Parameters<typeof hearWindow>[1]['first'] = (request, stop) => listener.hear(request, stop);
  const { segments, attempts, kept, workMs, ...heard } = await hearWindow(sound, { first, engine, log }, plan.mechanisms, signal);
  // Not the wait for another recording's window, where the engine tells.
  const engineMs = workMs ?? performance.now() - startedAt;
  const report = { startMs: Math.round(window[0]?.startMs ?? 0), endMs: Math.round(window.at(-1)?.endMs ?? 0), attempts, ...(kept !== undefined && { kept }) };
  log.debug({ ...report, engineMs: Math.round(engineMs) }, 'a window was heard');
  return { ...heard, segments: segments.map((segment) => inRecording(segment, window)), engineMs, report };
}

/** The text of finished windows: words that two of them heard stand there once, and times stand on detected speech. */
function joined(done: readonly FinishedWindow[], { windows, spans, mechanisms }: RecognitionPlan): TranscribedSegment[] {
  let segments: TranscribedSegment[] = [];
  for (const [index, finished] of done.entries()) {
    const first = windows[index]?.[0];
    const toMs = windows[index - 1]?.at(-1)?.endMs;
    if (first?.cutMs === undefined || toMs === undefined) segments.push(...finished.segments);
    else segments = joinAtSeam(segments, finished.segments, { fromMs: first.startMs, cutMs: first.cutMs, toMs });
  }
  return mechanisms.snapTimes && mechanisms.detector ? snapTimes(segments, spans) : segments;
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
