import type { FormattedText } from '../../telegram/formatted-text.js';
import { adoptReplies } from '../adopt-replies.js';
import { answerChat } from '../answer-chat.js';
import { placeOfAnswer } from '../delivery.js';
import { noSpeechText } from '../reply-text/no-speech-text.js';
import { MAX_MESSAGE_UNITS, replyParts } from '../reply-text/reply-parts.js';
import { savedHead, underHead } from '../reply-text/saved-parts.js';
import { answerPart } from '../send-part.js';
import type { KeptTranscript, VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';
import { voiceLink } from '../voice-link.js';
import { caption } from './caption.js';

type ReplyDependencies = Pick<VoiceDependencies, 'gatewayFor' | 'receipts' | 'texts' | 'quoteAboveLength'>;

/** ⑧ The text stands where it is to be delivered, each part exactly once, however often this runs. */
export async function reply(job: VoiceJob, transcript: Pick<KeptTranscript, 'text'>, deps: ReplyDependencies, signal: AbortSignal): Promise<void> {
  if (job.delivery === 'caption' && (await caption(job, transcript.text, deps, signal))) return;
  await answerWith(job, (maxUnits) => answer(job, transcript.text, maxUnits, deps), deps, signal);
}

/** Makes sure that exactly these messages, part by part, are the answer. `textsOf` is told how long one may be. */
export async function answerWith(
  job: VoiceJob,
  textsOf: (maxUnits: number) => readonly FormattedText[],
  deps: Pick<VoiceDependencies, 'gatewayFor' | 'receipts'>,
  signal: AbortSignal,
): Promise<void> {
  const jobId = voiceJobId(job);
  const place = placeOfAnswer(job);
  const head = place === 'saved' ? await headOf(job, deps, signal) : undefined;
  const texts = textsOf(MAX_MESSAGE_UNITS - (head === undefined ? 0 : head.length + 1));
  const parts = new Map(texts.map((text, index) => [index + 1, text]));
  let { parts: sent } = await deps.receipts.read(jobId, place);
  if ([...parts.keys()].some((part) => !sent.has(part))) {
    await adoptReplies(job, parts, deps, signal);
    ({ parts: sent } = await deps.receipts.read(jobId, place));
  }
  for (const [part, text] of parts) {
    await answerPart({ job, part, text: head === undefined ? text : underHead(head, text), sentAs: sent.get(part) }, deps, signal);
  }
  // An earlier answer was longer: another model heard it.
  const surplus = [...sent].filter(([part]) => !parts.has(part)).map(([, messageId]) => messageId);
  const gateway = deps.gatewayFor(job.accountId);
  if (surplus.length > 0) await gateway.deleteMessages(answerChat(job, gateway), surplus, signal);
}

function answer(job: VoiceJob, text: string, maxUnits: number, deps: Pick<VoiceDependencies, 'texts' | 'quoteAboveLength'>): readonly FormattedText[] {
  const quoteAboveLength = job.delivery === 'quote' ? 0 : deps.quoteAboveLength;
  const parts = replyParts(text, { quoteAboveLength, maxUnits });
  // Nothing that can be seen: silence, or an engine that answered with invisible characters.
  return parts.length > 0 ? parts : [noSpeechText(deps.texts.reply)];
}

async function headOf({ accountId, chat, senderId, messageId }: VoiceJob, deps: Pick<VoiceDependencies, 'gatewayFor'>, signal: AbortSignal): Promise<string> {
  const person = senderId === undefined ? undefined : await deps.gatewayFor(accountId).findPersonById(senderId, signal);
  return savedHead(person?.name, voiceLink({ chat, messageId }));
}
