import type { FailureReason } from '../../errors.js';
import type { FormattedText } from '../../telegram/formatted-text.js';

/** The answer to a voice that could not be written down: why, as the person in the chat reads it. */
export function failureText(reason: FailureReason, texts: Readonly<Record<FailureReason, string>>): FormattedText {
  return { text: texts[reason], entities: [] };
}
