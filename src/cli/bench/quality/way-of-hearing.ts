import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../../log/logger.js';
import { writePcmFile, type PcmFile } from '../../../media/pcm-file.js';
import type { Pcm } from '../../../media/pcm.js';
import type { Engine } from '../../../speech/engine.js';
import type { Mechanisms } from '../../../speech/recognition-mechanisms.js';
import { recognize } from '../../../speech/recognize.js';
import type { SpeechDetector } from '../../../speech/speech-detector.js';
import type { TranscribedSegment } from '../../../speech/transcript.js';
import { hearFixedWindows } from './hear-fixed-windows.js';
import type { Spoken } from './spoken.js';
import { timeErrors } from './time-errors.js';
import { wordErrors, wordsOf } from './word-alignment.js';

/** One of the ways from sound to text that are compared. */
export interface WayOfHearing {
  name: string;
  hear: (recording: PcmFile, signal: AbortSignal) => Promise<readonly TranscribedSegment[]>;
}

export interface Heard {
  words: number;
  errors: number;
  /** Of starts and ends of segments, ms. */
  timeErrorsMs: number[];
  /** Wall time, ms. */
  tookMs: number;
}

/** The bundled model hears 15 s at once and no more. */
export const WINDOW_MS = 15_000;

/** The engine as it comes: fixed windows, every answer believed. */
export function plainWay(name: string, engine: Engine, windowMs: number): WayOfHearing {
  return { name, hear: (recording, signal) => hearFixedWindows(recording, engine, { windowMs, language: 'auto' }, signal) };
}

/** As this program hears, with or without some of its mechanisms. */
export function ourWay(
  name: string,
  deps: { engine: Engine; detector: SpeechDetector; log: Logger },
  mechanisms: Partial<Mechanisms> = {},
): WayOfHearing {
  return {
    name,
    hear: async (recording, signal) => (await recognize(recording, deps, { language: 'auto', maxWindowMs: WINDOW_MS, mechanisms }, signal)).segments,
  };
}

/** The same engine, to which every request is in a language that it has to find out. */
export function askedAnew(engine: Engine): Engine {
  return {
    name: engine.name,
    model: engine.model,
    abilities: engine.abilities,
    loaded: engine.loaded,
    trouble: () => engine.trouble(),
    transcribe: (request, signal) => engine.transcribe({ ...request, language: 'auto' }, signal),
    useModel: (model, signal) => engine.useModel(model, signal),
    stop: () => engine.stop(),
  };
}

/** Hears all of these one after the other. */
export async function hearAll(way: WayOfHearing, sounds: readonly Spoken[], signal: AbortSignal): Promise<Heard> {
  const heard: Heard = { words: 0, errors: 0, timeErrorsMs: [], tookMs: 0 };
  for (const { pcm, segments } of sounds) {
    const truth = textOf(segments);
    const startedAt = performance.now();
    const got = await hearPcm(way, pcm, signal);
    heard.tookMs += performance.now() - startedAt;
    heard.words += wordsOf(truth).length;
    heard.errors += wordErrors(truth, textOf(got));
    heard.timeErrorsMs.push(...timeErrors(segments, got));
  }
  return heard;
}

/** What is heard in a sound that is in memory. */
export async function hearPcm(way: WayOfHearing, pcm: Pcm, signal: AbortSignal): Promise<readonly TranscribedSegment[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-quality-'));
  try {
    return await way.hear(await writePcmFile(join(folder, 'sound.pcm'), pcm), signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function textOf(segments: readonly { text: string }[]): string {
  return segments.map(({ text }) => text).join(' ');
}
