import { NoSpaceError } from '../errors.js';
import { BYTES_PER_SAMPLE, SAMPLE_RATE_HZ } from '../media/pcm.js';
import type { VoiceMedia } from '../telegram/incoming-message.js';
import type { VoiceDependencies } from './voice-dependencies.js';

/** What else is written on that disk, Redis above all, must not be the first to find it full. */
const RESERVE_BYTES = 64 * 1024 * 1024;
/** Of a recording whose length nobody tells: what a client takes for a second of speech, at the least. */
const LEAST_BYTES_PER_SECOND = 2000;

/** `NoSpaceError` where the disk of `folder` cannot take the voice's file and its samples beside it. */
export async function requireSpace(
  media: Pick<VoiceMedia, 'sizeBytes' | 'durationSec'>,
  folder: string,
  { freeBytes, limits }: Pick<VoiceDependencies, 'freeBytes' | 'limits'>,
): Promise<void> {
  const seconds = media.durationSec > 0 ? media.durationSec : media.sizeBytes / LEAST_BYTES_PER_SECOND;
  const samples = Math.min(seconds, limits.maxAudioMs / 1000) * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE;
  const needed = media.sizeBytes + samples + RESERVE_BYTES;
  const free = await freeBytes(folder);
  if (free < needed) throw new NoSpaceError(`the disk has ${megabytes(free)} MB left, the voice needs ${megabytes(needed)} MB`);
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
