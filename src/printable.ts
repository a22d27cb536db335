/** What would end a line, move the cursor or turn the reading direction where a text is shown: controls and separators. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** The text on one line, with what must not reach a terminal as it is written out: `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A name as it may stand in a line of its own: without what is not printable, and without the gaps that this leaves. */
export function oneLine(name: string): string {
  return name.replace(UNPRINTABLE, ' ').replace(/\s+/g, ' ').trim();
}
