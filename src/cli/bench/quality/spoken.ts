import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAudio } from '../../../media/decode-audio.js';
import { readWindow } from '../../../media/pcm-file.js';
import type { Pcm } from '../../../media/pcm.js';
import { bundledSpeechDir } from '../../../setup/paths.mjs';

/** A sound with what is said in it, and when. */
export interface Spoken {
  name: string;
  pcm: Pcm;
  language: string;
  segments: readonly SpokenSegment[];
}

export interface SpokenSegment {
  startMs: number;
  endMs: number;
  text: string;
}

interface ClipRecord {
  file: string;
  language: string;
  segments: { start: number; end: number; text: string }[];
}

const LIMITS = { maxDurationMs: 60_000, timeoutMs: 60_000 };

/** The bundled voice notes, decoded. */
export async function spokenClips(signal: AbortSignal): Promise<Spoken[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-clips-'));
  try {
    const clips = join(bundledSpeechDir, 'clips');
    const records = JSON.parse(await readFile(join(clips, 'clips.json'), 'utf8')) as ClipRecord[];
    const spoken: Spoken[] = [];
    for (const { file, language, segments } of records) {
      const recording = await decodeAudio(join(clips, file), join(folder, 'clip.pcm'), LIMITS, signal);
      const times = segments.map(({ start, end, text }) => ({ startMs: start * 1000, endMs: end * 1000, text }));
      spoken.push({ name: file, pcm: await readWindow(recording, 0, LIMITS.maxDurationMs), language, segments: times });
    }
    return spoken;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
