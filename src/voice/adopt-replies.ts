import type { FormattedText } from '../telegram/formatted-text.js';
import type { OwnReply } from '../telegram/telegram-gateway.js';
import { placeOfAnswer } from './delivery.js';
import { recognizeReplies } from './recognize-replies.js';
import { belowHead } from './reply-text/saved-parts.js';
import type { VoiceDependencies } from './voice-dependencies.js';
import { voiceJobId, type VoiceJob } from './voice-job.js';
import { voiceLink } from './voice-link.js';

/**
 * Before anything is posted for a job that may have been answered without a receipt of it (a crash, a Redis that lost its
 * last second): looks what stands where the answer goes, and writes receipts for the parts of ours that it finds, so that they are
 * edited instead of sent again. Telegram refuses a second send by its random id, too, but nobody knows for how long.
 * `parts`: without the head that they have in Saved Messages.
 */
export async function adoptReplies(
  job: VoiceJob,
  parts: ReadonlyMap<number, FormattedText>,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<void> {
  if (job.mayBeAnswered !== true) return;
  const jobId = voiceJobId(job);
  const place = placeOfAnswer(job);
  const replies = await standingAnswers(job, deps, signal);
  const standing = new Set(replies.map(({ messageId }) => messageId));
  const { parts: receipts } = await deps.receipts.read(jobId, place);
  const onReceipt = new Set(receipts.values());
  const recognized = recognizeReplies(replies.filter(({ messageId }) => !onReceipt.has(messageId)), parts);
  for (const [part, messageId] of recognized) {
    const known = receipts.get(part);
    if (known === undefined || !standing.has(known)) await deps.receipts.recordPart(jobId, part, messageId, place);
  }
}

async function standingAnswers(job: VoiceJob, deps: Pick<VoiceDependencies, 'gatewayFor'>, signal: AbortSignal): Promise<OwnReply[]> {
  const gateway = deps.gatewayFor(job.accountId);
  if (placeOfAnswer(job) === 'chat') return gateway.findReplies(job.chat, job.messageId, signal);
  const link = voiceLink(job);
  const own = await gateway.findOwnTexts(gateway.self.peer, link, job.sentAtMs, signal);
  return own.flatMap((one) => {
    const text = belowHead(one.text, link);
    // Nobody but this program writes under such a head, so what it is of is the number of the part, or all of it.
    return text === undefined ? [] : [{ ...one, text, collapsed: true }];
  });
}
