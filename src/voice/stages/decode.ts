import { join } from 'node:path';
import type { PcmFile } from '../../media/pcm-file.js';
import type { VoiceDependencies } from '../voice-dependencies.js';

/** ⑤ Whatever the sender's client recorded becomes mono 16 kHz samples beside it. */
export async function decode(
  file: string,
  folder: string,
  deps: Pick<VoiceDependencies, 'decode'>,
  signal: AbortSignal,
): Promise<PcmFile> {
  return deps.decode(file, join(folder, 'sound.pcm'), signal);
}
