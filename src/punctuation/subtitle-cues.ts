import { cutIndex } from './cut-index.js';
import type { TimedText } from './timed-text.js';
import type { TimedWord } from './timed-words.js';

/** One subtitle: whole milliseconds, `startMs < endMs`, one or two lines, none empty. */
export interface Cue {
  startMs: number;
  endMs: number;
  lines: string[];
  /** When its words are said, and where they stand in the lines joined by a line end; only where the segments have words. */
  words?: { startMs: number; at: number }[];
}

/** What cues are made of; with words, their times are those of the words. */
export type CueSource = TimedText & { words?: readonly TimedWord[] };

/** The usual width of a line (Netflix Timed Text Style Guide: 42 characters, at most two lines). */
export const LINE_LENGTH = 42;

/** Ideographs and kana are twice as wide. */
const WIDE_LINE_LENGTH = LINE_LENGTH / 2;

/** Shorter than this nobody can see it; cues that start together are moved apart by as much. */
export const SHORTEST_CUE_MS = 500;

/**
 * The segments as cues in order of time: long ones split (the time shared out by length), lines wrapped, no cue empty,
 * of no length, or into the next one. The text stays as it is, save for its white space.
 */
export function cuesOf(segments: readonly CueSource[]): Cue[] {
  const pieces = [...segments]
    .sort((a, b) => milliseconds(a.startMs) - milliseconds(b.startMs))
    .flatMap((segment) => piecesOf(segment));
  const cues: Cue[] = [];
  for (const piece of pieces) {
    const previous = cues.at(-1);
    const startMs = previous ? Math.max(piece.startMs, previous.startMs + SHORTEST_CUE_MS) : piece.startMs;
    if (previous) previous.endMs = Math.min(previous.endMs, startMs);
    cues.push({ ...piece, startMs, endMs: Math.max(piece.endMs, startMs + SHORTEST_CUE_MS) });
  }
  return cues;
}

function milliseconds(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}

function piecesOf(segment: CueSource): Cue[] {
  const text = segment.text.replace(/\s+/g, ' ').trim();
  const startMs = milliseconds(segment.startMs);
  const durationMs = Math.max(0, milliseconds(segment.endMs) - startMs);
  const width = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? WIDE_LINE_LENGTH : LINE_LENGTH;
  const pieces: Cue[] = [];
  for (let rest = text; rest !== ''; ) {
    const line = wordCut(rest, width);
    const secondLine = line + (rest.charAt(line) === ' ' ? 1 : 0);
    const piece = rest.slice(0, cutIndex(rest, secondLine + wordCut(rest.slice(secondLine), width)));
    const next = rest.slice(piece.length).trimStart();
    const at = text.length - rest.length;
    const lines = wrapped(piece, width);
    const said = segment.text.length === text.length ? (segment.words ?? []).filter((word) => word.at >= at && word.at < text.length - next.length) : [];
    const [first, last] = [said[0], said.at(-1)];
    if (first !== undefined && last !== undefined) {
      const words = said.map((word) => ({ startMs: milliseconds(word.startMs), at: inLines(word.at - at, piece, lines) }));
      pieces.push({ startMs: milliseconds(first.startMs), endMs: milliseconds(last.endMs), lines, words });
    } else {
      pieces.push({
        startMs: startMs + Math.round((durationMs * at) / text.length),
        endMs: startMs + Math.round((durationMs * (text.length - next.length)) / text.length),
        lines,
      });
    }
    rest = next;
  }
  return pieces;
}

/** Where a place of the piece stands in its lines, which are joined by a line end: where the script has no spaces, that is one more. */
function inLines(at: number, piece: string, lines: readonly string[]): number {
  const second = piece.length - (lines[1]?.length ?? 0);
  return lines[1] === undefined || at < second ? at : at - second + (lines[0]?.length ?? 0) + 1;
}

/** As many whole words as fit a line; part of a word only where the word alone is longer. */
function wordCut(text: string, width: number): number {
  if (text.length <= width) return text.length;
  const space = text.lastIndexOf(' ', width);
  return space > 0 ? space : cutIndex(text, width);
}

/** One line if it fits, else two that are as equal as the words allow. */
function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  let best = wordCut(text, width);
  for (let i = text.indexOf(' '); i >= 0 && i <= width; i = text.indexOf(' ', i + 1)) {
    const fits = text.length - i - 1 <= width;
    if (fits && Math.abs(text.length - 1 - 2 * i) < Math.abs(text.length - 1 - 2 * best)) best = i;
  }
  return [text.slice(0, best), text.slice(best).trimStart()].filter((line) => line !== '');
}
