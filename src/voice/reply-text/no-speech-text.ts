import type { Texts } from '../../i18n/texts.js';
import type { FormattedText } from '../../telegram/formatted-text.js';

/** The answer to a voice in which nobody speaks. */
export function noSpeechText(texts: Texts['reply']): FormattedText {
  return { text: texts.noSpeech, entities: [] };
}
