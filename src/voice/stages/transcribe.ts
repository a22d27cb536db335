import type { PcmFile } from '../../media/pcm-file.js';
import type { Recognition } from '../../speech/transcript.js';
import type { VoiceDependencies } from '../voice-dependencies.js';
import type { WorkingNotice } from '../working-notice.js';

/** ⑥ Sound becomes timed words; a long one shows in the chat how far it is. */
export async function transcribe(
  sound: PcmFile,
  notice: WorkingNotice | undefined,
  deps: Pick<VoiceDependencies, 'recognize'>,
  signal: AbortSignal,
): Promise<Recognition> {
  return deps.recognize(sound, (progress) => notice?.update(progress), signal);
}
