import type { PcmFile } from '../../media/pcm-file.js';
import type { Recognition } from '../../speech/transcript.js';
import type { VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';
import type { WorkingNotice } from '../working-notice.js';

/** ⑥ Sound becomes timed words; a long one shows in the chat how far it is, and goes on where an earlier try ended. */
export async function transcribe(
  sound: PcmFile,
  { job, notice }: { job: VoiceJob; notice: WorkingNotice | undefined },
  deps: Pick<VoiceDependencies, 'recognize' | 'checkpoints'>,
  signal: AbortSignal,
): Promise<Recognition> {
  const checkpoint = deps.checkpoints.of(voiceJobId(job));
  return deps.recognize(sound, { job, checkpoint, onProgress: (progress) => notice?.update(progress) }, signal);
}
