import { textKind, type ValueKind } from '../value-kind.js';

/** What a message of Telegram's can carry. */
const MAX_LENGTH = 4096;
const MAX_WORD_LENGTH = 256;

/** Any text, as it was typed. */
export function stringKind({ minLength = 0, maxLength = MAX_LENGTH }: { minLength?: number; maxLength?: number }): ValueKind<string> {
  return textKind({
    read: (text) => (text.length >= minLength && text.length <= maxLength ? text : undefined),
    takes: (texts) => texts.length(minLength, maxLength),
  });
}

/** Text without spaces. */
export const wordKind: ValueKind<string> = textKind({
  read: (text) => {
    const word = text.trim();
    return /^\S+$/u.test(word) && word.length <= MAX_WORD_LENGTH ? word : undefined;
  },
  takes: (texts) => texts.takes.word,
  nearest: (text) => text.trim().split(/\s+/, 1).find((word) => word !== '' && word.length <= MAX_WORD_LENGTH),
});
