/** Nothing of this shows in a chat; Telegram answers MESSAGE_EMPTY to a message of nothing else. */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/u;

/**
 * The text as Telegram will keep it, so that entity offsets stay right: the server trims a message, turns control
 * characters into spaces and drops `\r`, U+2028-U+202E and the combining U+030A, U+0333, U+033F (`clean_input_string`
 * in TDLib's td/telegram/misc.cpp does the same before it sends). Empty where nothing visible is left.
 */
export function sendableText(text: string): string {
  const clean = text
    .replace(/\p{L}\u030a/gu, (letter) => letter.normalize('NFC'))
    .replace(/[\r\u2028-\u202e]|\u030a|\u0333|\u033f/g, '')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .trim();
  return VISIBLE.test(clean) ? clean : '';
}
