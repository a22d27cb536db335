import { join } from 'node:path';
import type { VoiceDependencies } from '../voice-dependencies.js';
import type { VoiceJob } from '../voice-job.js';

/** ④ The voice's bytes, streamed into the job's folder; resolves with the path. */
export async function download(
  job: VoiceJob,
  folder: string,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'maxFileBytes'>,
  signal: AbortSignal,
): Promise<string> {
  const path = join(folder, 'original');
  const { chat, messageId, media } = job;
  await deps.gatewayFor(job.accountId).downloadVoice({ chat, messageId, media }, path, deps.maxFileBytes, signal);
  return path;
}
