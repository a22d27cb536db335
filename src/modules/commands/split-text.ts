import type { FormattedText, TextEntity } from '../../telegram/formatted-text.js';

/** Telegram's limit of one message, in UTF-16 units. */
export const MAX_TEXT_UNITS = 4096;

/**
 * The messages that a text becomes: one where it fits, else several, cut at line ends, else between words, never inside a character;
 * styles go on in the next part. None of them is empty; none at all where nothing is visible.
 */
export function splitText(text: FormattedText, maxUnits = MAX_TEXT_UNITS): FormattedText[] {
  const parts: FormattedText[] = [];
  let at = skipSpace(text.text, 0, /\n/);
  while (at < text.text.length) {
    const cut = cutAt(text.text, at, maxUnits);
    const piece = text.text.slice(at, cut).trimEnd();
    if (piece !== '') parts.push({ text: piece, entities: within(text.entities, at, at + piece.length) });
    at = skipSpace(text.text, cut, /\s/);
  }
  return parts;
}

/** Where the piece that begins at `at` ends. */
function cutAt(text: string, at: number, maxUnits: number): number {
  if (text.length - at <= maxUnits) return text.length;
  const piece = text.slice(at, at + maxUnits + 1);
  for (const boundary of ['\n', ' ']) {
    const found = piece.lastIndexOf(boundary);
    // A cut so early would make a message of a few words.
    if (found > maxUnits / 4) return at + found;
  }
  return at + characterStart(text.slice(at, at + maxUnits + 2), maxUnits);
}

function characterStart(text: string, limit: number): number {
  const start = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text).containing(limit)?.index ?? limit;
  if (start > 0) return start;
  return /[\udc00-\udfff]/.test(text.charAt(limit)) ? limit - 1 : limit;
}

function skipSpace(text: string, from: number, space: RegExp): number {
  let at = from;
  while (at < text.length && space.test(text.charAt(at))) at += 1;
  return at;
}

/** The entities of one stretch, as if the text began there. */
function within(entities: readonly TextEntity[], from: number, to: number): TextEntity[] {
  return entities.flatMap((entity) => {
    const start = Math.max(entity.offset, from);
    const end = Math.min(entity.offset + entity.length, to);
    return end > start ? [{ ...entity, offset: start - from, length: end - start }] : [];
  });
}
