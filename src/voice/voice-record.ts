import type { DeadLetter } from './dead-letter.js';
import type { KeptTranscript, VoiceOutcome } from './voice-dependencies.js';
import type { VoiceJob } from './voice-job.js';

/** All that is kept of one voice, wherever it stands. */
export interface VoiceRecord {
  job?: VoiceJob;
  state: 'waiting' | 'active' | 'delayed' | 'done';
  outcome?: VoiceOutcome;
  transcript?: KeptTranscript;
  letter?: DeadLetter;
}
