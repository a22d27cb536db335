import { join } from 'node:path';
import { PermanentError } from '../../errors.js';
import { requireSpace } from '../require-space.js';
import type { VoiceDependencies } from '../voice-dependencies.js';
import type { VoiceJob } from '../voice-job.js';

/** Telegram's clients round the length that they tell. */
const ROUNDED_MS = 1000;

/**
 * ④ The voice's bytes, streamed into the job's folder; resolves with the path. What Telegram says of its size and length
 * is held to the limits before the first byte; what really comes, by the download and by the decoder.
 */
export async function download(
  job: VoiceJob,
  folder: string,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'limits' | 'freeBytes'>,
  signal: AbortSignal,
): Promise<string> {
  const path = join(folder, 'original');
  const { chat, messageId, media } = job;
  const { maxFileBytes, maxAudioMs } = deps.limits;
  if (media.sizeBytes > maxFileBytes) throw new PermanentError('too-large', `${media.sizeBytes} bytes are over ${maxFileBytes}`);
  if (media.durationSec * 1000 - ROUNDED_MS > maxAudioMs) throw new PermanentError('too-long', `${media.durationSec} s are over ${maxAudioMs / 1000} s`);
  await requireSpace(media, folder, deps);
  await deps.gatewayFor(job.accountId).downloadVoice({ chat, messageId, media }, path, maxFileBytes, signal);
  return path;
}
