import { oneLine as withoutBreaks } from '../printable.js';

/** Somebody's text within a sentence of ours: in one line, without what would garble that, and cut where it is longer, though never within a character. */
export function oneLine(text: string, maxLength: number): string {
  const line = withoutBreaks(text);
  if (line.length <= maxLength) return line;
  const cut = line.slice(0, maxLength - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
