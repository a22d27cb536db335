import { PermanentError } from '../errors.js';
import type { FormattedText } from '../telegram/formatted-text.js';
import { adoptReplies } from './adopt-replies.js';
import { answerChat } from './answer-chat.js';
import { placeOfAnswer } from './delivery.js';
import type { VoiceDependencies } from './voice-dependencies.js';
import { randomIdOf, voiceJobId, type VoiceJob } from './voice-job.js';

export interface Part {
  job: VoiceJob;
  /** From 1. */
  part: number;
  text: FormattedText;
  /** The message that an earlier run, or the progress notice, sent for this part. */
  sentAs?: number | undefined;
}

/**
 * Makes sure that part stands in the chat with this text, exactly once: edits what was sent for it before, else sends it
 * with the part's random id, which Telegram takes once only. Resolves when the receipt has it.
 */
export async function sendPart(
  { job, part, text, sentAs }: Part,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<void> {
  const gateway = deps.gatewayFor(job.accountId);
  if (sentAs !== undefined) return gateway.editText(answerChat(job, gateway), sentAs, text, signal);
  await post({ job, part, text }, randomIdOf(voiceJobId(job), part, { place: placeOfAnswer(job) }), deps, signal);
}

/**
 * As `sendPart`, and where what was sent for the part cannot be edited (somebody deleted it, or it is too old), the text
 * is sent anew: a progress text that is gone must not take the answer with it.
 */
export async function answerPart(
  part: Part,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sendPart(part, deps, signal);
  } catch (error) {
    const jobId = voiceJobId(part.job);
    const place = placeOfAnswer(part.job);
    const gone = (await deps.receipts.read(jobId, place)).parts.get(part.part);
    if (!(error instanceof PermanentError) || gone === undefined) throw error;
    // An earlier run may have sent it anew already.
    await adoptReplies(part.job, new Map([[part.part, part.text]]), deps, signal);
    const standing = (await deps.receipts.read(jobId, place)).parts.get(part.part);
    if (standing !== gone) return sendPart({ ...part, sentAs: standing }, deps, signal);
    await post(part, randomIdOf(jobId, part.part, { replaced: gone, place }), deps, signal);
  }
}

async function post(
  { job, part, text }: Part,
  randomId: string,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<void> {
  const gateway = deps.gatewayFor(job.accountId);
  const chat = answerChat(job, gateway);
  const place = placeOfAnswer(job);
  const message = { chat, text, randomId, ...(place === 'chat' && { replyToMessageId: job.messageId }) };
  const { messageId, alreadyStood } = await gateway.sendText(message, signal);
  await deps.receipts.recordPart(voiceJobId(job), part, messageId, place);
  // What stood there may be a progress text of a run that was killed.
  if (alreadyStood) await gateway.editText(chat, messageId, text, signal);
}
