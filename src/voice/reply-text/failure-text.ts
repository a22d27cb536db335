import type { FailureReason } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import type { FormattedText } from '../../telegram/formatted-text.js';

/** What the owner lets in. */
export interface VoiceLimits {
  maxFileBytes: number;
  maxAudioMs: number;
}

/** The answer to a voice that could not be written down: why, as the person in the chat reads it; a limit is named. */
export function failureText(
  reason: FailureReason,
  { failures, reply }: Pick<Texts, 'failures' | 'reply'>,
  { maxFileBytes, maxAudioMs }: VoiceLimits,
): FormattedText {
  return { text: text(), entities: [] };

  function text(): string {
    if (reason === 'too-large') return reply.tooLarge(reply.size(maxFileBytes));
    if (reason === 'too-long') return reply.tooLong(reply.length(maxAudioMs));
    return failures[reason];
  }
}
