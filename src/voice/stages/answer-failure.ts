import type { FailureReason } from '../../errors.js';
import { failureText } from '../reply-text/failure-text.js';
import { answerPart } from '../send-part.js';
import type { VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';

/** Where nobody would read the answer: the message is gone, or this chat takes nothing from us. */
const SILENT: ReadonlySet<FailureReason> = new Set(['deleted', 'cannot-write']);

/** The end of a voice that could not be written down: the person reads why, once, and the job is done. */
export async function answerFailure(
  job: VoiceJob,
  reason: FailureReason,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts' | 'transcripts' | 'texts' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  const jobId = voiceJobId(job);
  const { parts } = await deps.receipts.read(jobId);
  if (reason === 'deleted') {
    // What stands there without a transcript is a progress text, and there will be no more progress.
    const isProgress = parts.size > 0 && (await deps.transcripts.read(jobId)) === undefined;
    if (isProgress) await deps.gatewayFor(job.accountId).deleteMessages(job.chat, [...parts.values()], signal);
  }
  if (!SILENT.has(reason)) {
    await answerPart({ job, part: 1, text: failureText(reason, deps.texts.failures), sentAs: parts.get(1) }, deps, signal);
  }
  await deps.receipts.markDone(jobId, deps.clock.nowMs());
  await deps.transcripts.countOutcome(job.accountId, 'failed');
}
