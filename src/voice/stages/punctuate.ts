import type { Recognition } from '../../speech/transcript.js';
import type { VoiceDependencies } from '../voice-dependencies.js';

/** ⑦ What the engine gave becomes text that reads well; empty where there is no speech. */
export function punctuateStage(recognition: Recognition, deps: Pick<VoiceDependencies, 'punctuate'>): Promise<string> {
  return Promise.resolve(recognition.segments.length === 0 ? '' : deps.punctuate(recognition));
}
