import type { FormattedText } from '../../telegram/formatted-text.js';
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
  const { parts: sent } = await deps.receipts.read(voiceJobId(job));
  for (const [index, text] of answer(transcript.text, deps).entries()) {
    await answerPart({ job, part: index + 1, text, sentAs: sent.get(index + 1) }, deps, signal);
  }
}

function answer(text: string, deps: Pick<VoiceDependencies, 'texts' | 'quoteAboveLength'>): FormattedText[] {
  const parts = replyParts(text, { quoteAboveLength: deps.quoteAboveLength });
  // Nothing that can be seen: silence, or an engine that answered with invisible characters.
  return parts.length > 0 ? parts : [noSpeechText(deps.texts.reply)];
}
