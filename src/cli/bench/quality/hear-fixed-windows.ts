import { pcmFileDurationMs, readWindow, type PcmFile } from '../../../media/pcm-file.js';
import type { Engine } from '../../../speech/engine.js';
import type { TranscribedSegment } from '../../../speech/transcript.js';

/** What a plain client of the engine does, and what everything else is measured against: pieces of one length, the whole encoder, every answer believed. */
export async function hearFixedWindows(
  recording: PcmFile,
  engine: Engine,
  { windowMs, language }: { windowMs: number; language: string },
  signal: AbortSignal,
): Promise<TranscribedSegment[]> {
  const segments: TranscribedSegment[] = [];
  for (let startMs = 0; startMs < pcmFileDurationMs(recording); startMs += windowMs) {
    const pcm = await readWindow(recording, startMs, startMs + windowMs);
    const heard = await engine.transcribe({ pcm, language, thorough: true }, signal);
    for (const segment of heard.segments) {
      segments.push({ ...segment, startMs: segment.startMs + startMs, endMs: segment.endMs + startMs });
    }
  }
  return segments;
}
