import { stripVTControlCharacters } from 'node:util';

/** Controls but tab and line end, what turns the reading direction, and halves of characters. */
const UNREADABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu;

/** What a program wrote, as it may be shown: no colours, no bells, of a line that was written over and over the last. */
export function readableOutput(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.replace(/\r+$/, '').replace(/^.*\r/s, ''));
  return lines.join('\n').replace(UNREADABLE, '\ufffd').trimEnd();
}
