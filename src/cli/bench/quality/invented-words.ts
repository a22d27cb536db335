import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeAudio } from '../../../media/decode-audio.js';
import { readWindow } from '../../../media/pcm-file.js';
import type { Pcm } from '../../../media/pcm.js';
import { nonSpeechSounds } from './non-speech-sounds.js';
import { soxSounds, type SoxSound } from './sox-sounds.js';
import { hearPcm, textOf, type WayOfHearing } from './way-of-hearing.js';
import { wordsOf } from './word-alignment.js';

/** What a way of hearing makes of sounds in which nobody speaks. */
export interface Invented {
  sounds: number;
  words: number;
  /** The sounds in which words were heard. */
  in: string[];
}

const run = promisify(execFile);
const LIMITS = { maxDurationMs: 120_000, timeoutMs: 60_000 };

/** Of the 200 sounds that the program makes itself, every `step`-th. */
export async function inventedInOwn(way: WayOfHearing, step: number, signal: AbortSignal): Promise<Invented> {
  const invented: Invented = { sounds: 0, words: 0, in: [] };
  for (const [index, { name, pcm }] of nonSpeechSounds().entries()) {
    if (index % step === 0) await listen(invented, { way, name, pcm: pcm() }, signal);
  }
  return invented;
}

/** Of the 200 sounds that sox makes. */
export async function inventedInSox(ways: readonly WayOfHearing[], soxPath: string, signal: AbortSignal): Promise<Invented[]> {
  const all = ways.map((): Invented => ({ sounds: 0, words: 0, in: [] }));
  for (const sound of soxSounds()) {
    const pcm = await madeBySox(sound, soxPath, signal);
    for (const [index, way] of ways.entries()) {
      const invented = all[index];
      if (invented !== undefined) await listen(invented, { way, name: `sox: ${sound.name}`, pcm }, signal);
    }
  }
  return all;
}

async function listen(invented: Invented, { way, name, pcm }: { way: WayOfHearing; name: string; pcm: Pcm }, signal: AbortSignal): Promise<void> {
  const words = wordsOf(textOf(await hearPcm(way, pcm, signal)));
  invented.sounds += 1;
  invented.words += words.length;
  if (words.length > 0) invented.in.push(name);
}

async function madeBySox({ effects }: SoxSound, soxPath: string, signal: AbortSignal): Promise<Pcm> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-sox-'));
  try {
    const path = join(folder, 'sound.wav');
    // -R: its noise is the same in every run. Chords are made in three channels and mixed.
    await run(soxPath, ['-R', '-n', '-r', '16000', '-b', '16', '-c', effects.includes('remix') ? '3' : '1', path, ...effects], { signal });
    const recording = await decodeAudio(path, join(folder, 'sound.pcm'), LIMITS, signal);
    return await readWindow(recording, 0, LIMITS.maxDurationMs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
