import { PermanentError } from '../../errors.js';
import { recognizeReplies } from '../recognize-replies.js';
import { sendableText } from '../reply-text/sendable-text.js';
import type { VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';

/** Telegram's limit for the caption of an account without Premium, in UTF-16 units (`caption_length_limit_default`). */
export const MAX_CAPTION_UNITS = 1024;

/**
 * Makes the text the caption of the owner's own voice; to do it twice changes nothing. False where it has to be a reply: there is no
 * text, it is too long, Telegram takes no caption there, the owner has written one meanwhile, or an earlier try has replied already.
 */
export async function caption(
  job: VoiceJob,
  text: string,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<boolean> {
  const shown = sendableText(text);
  if (shown === '' || shown.length > MAX_CAPTION_UNITS) return false;
  if ((await deps.receipts.read(voiceJobId(job))).parts.size > 0) return false;
  const gateway = deps.gatewayFor(job.accountId);
  const content = { text: shown, entities: [] };
  const standing = (await gateway.getMessage(job.chat, job.messageId, signal))?.text ?? '';
  const isOurs = recognizeReplies([{ messageId: job.messageId, text: standing, collapsed: false }], new Map([[1, content]])).size > 0;
  if (standing !== '' && !isOurs) return false;
  try {
    await gateway.editText(job.chat, job.messageId, content, signal);
    return true;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return false;
  }
}
