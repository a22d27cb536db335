import type { FormattedText } from '../telegram/formatted-text.js';
import { recognizeReplies } from './recognize-replies.js';
import type { VoiceDependencies } from './voice-dependencies.js';
import { voiceJobId, type VoiceJob } from './voice-job.js';

/**
 * Before anything is posted for a job that may have been answered without a receipt of it (a crash, a Redis that lost its
 * last second): looks what stands in the chat, and writes receipts for the parts of ours that it finds, so that they are
 * edited instead of sent again. Telegram refuses a second send by its random id, too, but nobody knows for how long.
 */
export async function adoptReplies(
  job: VoiceJob,
  parts: ReadonlyMap<number, FormattedText>,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<void> {
  if (job.mayBeAnswered !== true) return;
  const jobId = voiceJobId(job);
  const replies = await deps.gatewayFor(job.accountId).findReplies(job.chat, job.messageId, signal);
  const standing = new Set(replies.map(({ messageId }) => messageId));
  const { parts: receipts } = await deps.receipts.read(jobId);
  const onReceipt = new Set(receipts.values());
  const recognized = recognizeReplies(replies.filter(({ messageId }) => !onReceipt.has(messageId)), parts);
  for (const [part, messageId] of recognized) {
    const known = receipts.get(part);
    if (known === undefined || !standing.has(known)) await deps.receipts.recordPart(jobId, part, messageId);
  }
}
