import type { ValueKind } from '../value-kind.js';

const MAX_ITEMS = 100;
const NOTHING = 'none';
const WORDS_FOR_NOTHING = new Set(['', '-', NOTHING, 'пусто']);
/** Quotes that an item may stand between; a phone makes the last ones of its own accord. */
const QUOTED = [/^"((?:[^"]|"")*)"$/s, /^“([^”]*)”$/s, /^«([^»]*)»$/s];

/** Values with commas between them, or one a line; an item with a comma of its own stands in quotes (`""` is one quote in them). */
export function listKind<T>(item: ValueKind<T>, maxItems = MAX_ITEMS): ValueKind<readonly T[]> {
  return {
    read: (text) => {
      const items = itemsOf(text);
      if (items === undefined || items.length > maxItems) return undefined;
      const values: T[] = [];
      for (const one of items) {
        const value = item.read(one);
        // Reading may take its time (a regular expression is tried): one that does not fit is enough.
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
    write: (value) => (value.length === 0 ? NOTHING : value.map((one) => quoted(item.write(one))).join(', ')),
    fits: (value) => Array.isArray(value) && value.length <= maxItems && value.every((one) => item.fits(one)),
    takes: (texts) => texts.listOf(item.takes(texts), maxItems),
  };
}

/** The items as they are written, without their quotes; undefined where a quote is not closed. */
export function itemsOf(text: string): string[] | undefined {
  if (WORDS_FOR_NOTHING.has(text.trim().toLowerCase())) return [];
  const pieces = text.match(/\s*(?:"(?:[^"]|"")*"|“[^”]*”|«[^»]*»|[^,\n"][^,\n]*)?\s*(?:,|\n|$)/gu) ?? [];
  if (pieces.join('') !== text) return undefined;
  return pieces.map((piece) => piece.trim().replace(/,$/, '').trim()).filter((piece) => piece !== '').map(unquoted);
}

function unquoted(piece: string): string {
  const inner = QUOTED.map((quotes) => quotes.exec(piece)?.[1]).find((found) => found !== undefined);
  return inner === undefined ? piece : piece.startsWith('"') ? inner.replaceAll('""', '"') : inner;
}

/** In quotes where it would else be read as something else. */
function quoted(text: string): string {
  const isPlain = text === text.trim() && !/[,\n\r"“”«»]/.test(text) && !WORDS_FOR_NOTHING.has(text.toLowerCase());
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}
