import type { DeadLetter } from './dead-letter.js';
import type { KeptTranscript, VoiceOutcome } from './voice-dependencies.js';
import type { VoiceJob } from './voice-job.js';

/** All that is kept of one voice, wherever it stands. */
export interface VoiceRecord {
  job?: VoiceJob;
  state: 'waiting' | 'active' | 'delayed' | 'done';
  outcome?: VoiceOutcome;
  /** A message stands in the voice's chat for it. */
  replied: boolean;
  transcript?: KeptTranscript;
  letter?: DeadLetter;
}
