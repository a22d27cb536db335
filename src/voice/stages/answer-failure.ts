import type { FailureReason } from '../../errors.js';
import { deadLetterOf, isDeadLetter } from '../dead-letter.js';
import { failureText } from '../reply-text/failure-text.js';
import type { VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';
import { answerWith } from './reply.js';

/** Where nobody would read the answer: the message is gone, or this chat takes nothing from us. */
const SILENT: ReadonlySet<FailureReason> = new Set(['deleted', 'cannot-write']);

/** The end of a voice that could not be written down: the person reads why, once, and it is on record with its cause. */
export async function answerFailure(
  job: VoiceJob,
  reason: FailureReason,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts' | 'transcripts' | 'deadLetters' | 'texts' | 'limits' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  const jobId = voiceJobId(job);
  if (reason === 'deleted') {
    const { parts } = await deps.receipts.read(jobId);
    // What stands there without a transcript is a progress text, and there will be no more progress.
    const isProgress = parts.size > 0 && (await deps.transcripts.read(jobId)) === undefined;
    if (isProgress) await deps.gatewayFor(job.accountId).deleteMessages(job.chat, [...parts.values()], signal);
  }
  const isTold = !SILENT.has(reason) && job.delivery !== 'silent';
  if (isTold) {
    const text = failureText(reason, deps.texts, deps.limits);
    await answerWith(job, () => [text], deps, signal);
  }
  await recordFailure(job, reason, { told: isTold }, deps);
}

/** The job is over. `told`: the chat says so. */
export async function recordFailure(
  job: VoiceJob,
  reason: FailureReason,
  { told }: { told: boolean },
  deps: Pick<VoiceDependencies, 'receipts' | 'transcripts' | 'deadLetters' | 'clock'>,
): Promise<void> {
  const atMs = deps.clock.nowMs();
  if (isDeadLetter(reason)) await deps.deadLetters.add(deadLetterOf(job, reason, { told, atMs }));
  await deps.receipts.markDone(voiceJobId(job), atMs, reason);
  await deps.transcripts.countOutcome(job.accountId, 'failed');
}
