import { textKind, type ValueKind } from '../value-kind.js';

const VARIATION_SELECTOR = '\u{fe0f}';
/** One emoji as Unicode recommends it for interchange: flags, keycaps, skin tones and joined ones too. */
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** One emoji; those that can be drawn as text (❤) get the sign that they are meant as emoji. */
export const emojiKind: ValueKind<string> = textKind({
  read: (text) => [text.trim(), text.trim() + VARIATION_SELECTOR].find((emoji) => EMOJI.test(emoji)),
  takes: (texts) => texts.takes.emoji,
});
