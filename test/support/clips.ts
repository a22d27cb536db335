import { readFileSync } from 'node:fs';

interface Clip {
  file: string;
  language: string;
  text: string;
  durationSec: number;
}

const folder = new URL('../../src/speech/bundled/clips/', import.meta.url);
const clips = JSON.parse(readFileSync(new URL('clips.json', folder), 'utf8')) as Clip[];

/** A bundled voice note: its bytes, its length and the words that are said in it. */
export function clip(file: string): Clip & { bytes: Buffer } {
  const found = clips.find((candidate) => candidate.file === file);
  if (found === undefined) throw new RangeError(`no clip ${file}`);
  return { ...found, bytes: readFileSync(new URL(file, folder)) };
}

/** The words alone: no case, no marks. */
export function words(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');
}
