import type { FormattedText } from '../../telegram/formatted-text.js';
import { adoptReplies } from '../adopt-replies.js';
import { noSpeechText } from '../reply-text/no-speech-text.js';
import { replyParts } from '../reply-text/reply-parts.js';
import { answerPart } from '../send-part.js';
import type { KeptTranscript, VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';

/** ⑧ The text stands in the chat, each part exactly once, however often this runs. */
export async function reply(
  job: VoiceJob,
  transcript: Pick<KeptTranscript, 'text'>,
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts' | 'texts' | 'quoteAboveLength'>,
  signal: AbortSignal,
): Promise<void> {
  const jobId = voiceJobId(job);
  const parts = answer(transcript.text, deps);
  let { parts: sent } = await deps.receipts.read(jobId);
  if ([...parts.keys()].some((part) => !sent.has(part))) {
    await adoptReplies(job, parts, deps, signal);
    ({ parts: sent } = await deps.receipts.read(jobId));
  }
  for (const [part, text] of parts) await answerPart({ job, part, text, sentAs: sent.get(part) }, deps, signal);
  // An earlier answer was longer: another model heard it.
  const surplus = [...sent].filter(([part]) => !parts.has(part)).map(([, messageId]) => messageId);
  if (surplus.length > 0) await deps.gatewayFor(job.accountId).deleteMessages(job.chat, surplus, signal);
}

/** Part number → text. */
function answer(text: string, deps: Pick<VoiceDependencies, 'texts' | 'quoteAboveLength'>): ReadonlyMap<number, FormattedText> {
  const parts = replyParts(text, { quoteAboveLength: deps.quoteAboveLength });
  // Nothing that can be seen: silence, or an engine that answered with invisible characters.
  const texts = parts.length > 0 ? parts : [noSpeechText(deps.texts.reply)];
  return new Map(texts.map((part, index) => [index + 1, part]));
}
