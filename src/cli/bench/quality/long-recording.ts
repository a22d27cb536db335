import { msToSamples, pcmDurationMs } from '../../../media/pcm.js';
import { seededRandom } from './seeded-random.js';
import type { Spoken, SpokenSegment } from './spoken.js';

export interface LongRecording {
  name: string;
  clips: readonly Spoken[];
  durationMs: number;
  /** Pauses between the clips: as many short as long ones, by the logarithm of their length. */
  pausesMs: readonly [shortest: number, longest: number];
  seed: number;
}

/** A room is never quite silent: noise of about -80 dB. */
const ROOM_NOISE = 6;

/** Clips one after the other, in an order and with pauses that are the same in every run. */
export function longRecording({ name, clips, durationMs, pausesMs: [shortest, longest], seed }: LongRecording): Spoken {
  const random = seededRandom(seed);
  const samples = new Int16Array(msToSamples(durationMs)).map(() => Math.round(ROOM_NOISE * (2 * random() - 1)));
  const segments: SpokenSegment[] = [];
  let atMs = 500;
  for (;;) {
    const clip = clips[Math.floor(random() * clips.length)];
    if (clip === undefined || atMs + pcmDurationMs(clip.pcm) > durationMs) break;
    samples.set(clip.pcm.samples, msToSamples(atMs));
    for (const { startMs, endMs, text } of clip.segments) segments.push({ startMs: atMs + startMs, endMs: atMs + endMs, text });
    atMs += pcmDurationMs(clip.pcm) + shortest * (longest / shortest) ** random();
  }
  return { name, pcm: { samples }, language: clips[0]?.language ?? 'en', segments };
}
