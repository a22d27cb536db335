import type { FailureReason } from '../errors.js';
import { voiceJobId, type VoiceJob } from './voice-job.js';

/** A voice that could not be written down, with all that is needed to try it once more. */
export interface DeadLetter {
  jobId: string;
  job: VoiceJob;
  reason: FailureReason;
  /** For the owner: no secrets, no text of a message. Empty where nothing is known. */
  cause: string;
  /** How often it had been started. */
  tries: number;
  /** Whether the chat was told. */
  told: boolean;
  atMs: number;
}

/** A voice that its sender deleted can be retried by nobody, and is no failure of ours. */
export function isDeadLetter(reason: FailureReason): boolean {
  return reason !== 'deleted';
}

export function deadLetterOf(job: VoiceJob, reason: FailureReason, { told, atMs }: { told: boolean; atMs: number }): DeadLetter {
  const { failure: _failure, failureCause = '', failedTries = 0, ...again } = job;
  const fresh: VoiceJob = { ...again, failedAttempts: 0, waits: 0, startsSeen: 0, mayBeAnswered: true };
  return { jobId: voiceJobId(job), job: fresh, reason, cause: failureCause, tries: failedTries, told, atMs };
}
