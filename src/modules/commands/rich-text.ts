import type { FormattedText, TextEntity } from '../../telegram/formatted-text.js';

/** A piece of text, with a style or without. */
export type RichPiece = string | readonly [TextEntity['type'], string];

/** Text of pieces, the entities in their places. */
export function richText(...pieces: readonly RichPiece[]): FormattedText {
  const text: FormattedText = { text: '', entities: [] };
  for (const piece of pieces) {
    const [type, words] = typeof piece === 'string' ? [undefined, piece] : piece;
    if (type !== undefined && words !== '') text.entities.push({ type, offset: text.text.length, length: words.length });
    text.text += words;
  }
  return text;
}
