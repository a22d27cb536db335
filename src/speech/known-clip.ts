import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { decodeAudio } from '../media/decode-audio.js';
import { readWindow } from '../media/pcm-file.js';
import type { Pcm } from '../media/pcm.js';
import { bundledSpeechDir } from '../setup/paths.mjs';

/** A sound whose text is known. */
export interface KnownClip {
  pcm: Pcm;
  language: string;
  text: string;
}

const clipsShape = z.array(z.object({ file: z.string(), language: z.string(), text: z.string() }));
const LIMITS = { maxDurationMs: 30_000, timeoutMs: 60_000 };

/** One of the clips that are part of the program, as the engine takes it. */
export async function knownClip(file: string, signal: AbortSignal): Promise<KnownClip> {
  const folder = join(bundledSpeechDir, 'clips');
  const clip = clipsShape.parse(JSON.parse(await readFile(join(folder, 'clips.json'), 'utf8'))).find((entry) => entry.file === file);
  if (clip === undefined) throw new AppError(`clips.json does not know ${file}`);
  const work = await mkdtemp(join(tmpdir(), 'gramscribe-clip-'));
  try {
    const sound = await decodeAudio(join(folder, file), join(work, 'clip.pcm'), LIMITS, signal);
    return { pcm: await readWindow(sound, 0, LIMITS.maxDurationMs), language: clip.language, text: clip.text };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
