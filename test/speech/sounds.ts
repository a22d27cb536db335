import { join } from 'node:path';
import { decodeAudio } from '../../src/media/decode-audio.js';
import { readWindow, writePcmFile, type PcmFile } from '../../src/media/pcm-file.js';
import { msToSamples, type Pcm } from '../../src/media/pcm.js';
import { ffmpeg, testFolder, type Clip } from '../support/workspace.js';

export { wordErrors, wordsOf } from '../../src/cli/bench/quality/word-alignment.js';

const limits = { maxDurationMs: 36_000_000, timeoutMs: 120_000 };

/** Any sound file, decoded into the running test's own folder. */
export async function recordingOf(path: string): Promise<PcmFile> {
  return decodeAudio(path, join(await testFolder(), 'sound.pcm'), limits, new AbortController().signal);
}

export async function pcmOf(path: string): Promise<Pcm> {
  return readWindow(await recordingOf(path), 0, limits.maxDurationMs);
}

export async function recordingFrom(pcm: Pcm): Promise<PcmFile> {
  return writePcmFile(join(await testFolder(), 'made.pcm'), pcm);
}

/** Sound made by an ffmpeg filter graph, for example `sine=d=5`. */
export async function generated(graph: string): Promise<PcmFile> {
  const path = join(await testFolder(), 'generated.wav');
  await ffmpeg('-f', 'lavfi', '-i', graph, path);
  return recordingOf(path);
}

/** Nearly silent pause (a real one is never digital silence). */
export function pause(ms: number): Int16Array {
  return Int16Array.from({ length: msToSamples(ms) }, (_, n) => ((n * 7919) % 13) - 6);
}

export function joined(parts: readonly Int16Array[]): Pcm {
  const samples = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (samples.set(part, at), at + part.length), 0);
  return { samples };
}

/** Clips one after the other with the given pauses in turn, and the text of it all. */
export async function concatenated(clips: readonly Clip[], pausesMs: readonly number[]): Promise<{ pcm: Pcm; text: string }> {
  const decoded = new Map<string, Int16Array>();
  for (const { path } of clips) if (!decoded.has(path)) decoded.set(path, (await pcmOf(path)).samples);
  const parts = clips.flatMap(({ path }, index) => [decoded.get(path)!, pause(pausesMs[index % pausesMs.length] ?? 0)]);
  return { pcm: joined(parts), text: clips.map(({ text }) => text).join(' ') };
}
