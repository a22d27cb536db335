import { cutIndex } from '../../punctuation/cut-index.js';
import type { FormattedText } from '../../telegram/formatted-text.js';
import { sendableText } from './sendable-text.js';

/** Telegram's limit for one message, in UTF-16 units (config `message_length_max`). */
export const MAX_MESSAGE_UNITS = 4096;

/** Below this there would be little room left beside the numbering. */
export const MIN_MESSAGE_UNITS = 64;

export interface ReplyOptions {
  /** Transcripts longer than this (UTF-16 units) are collapsed quotes; 0 quotes all, Infinity none. */
  quoteAboveLength: number;
  /** The limit of one message; from `MIN_MESSAGE_UNITS`. */
  maxUnits?: number;
}

/**
 * The messages that a transcript becomes: one where it fits, else several that start with `(1/3)` on a line of its own
 * and are cut at sentence ends where possible. Each part is at most `maxUnits` long, is not empty, and is neither
 * trimmed nor changed by Telegram. The same text and options always give the same parts, so a part can be sent again
 * by its number. No parts where the text has nothing visible; `RangeError` where `maxUnits` is too small.
 */
export function replyParts(text: string, options: ReplyOptions): FormattedText[] {
  const { quoteAboveLength, maxUnits = MAX_MESSAGE_UNITS } = options;
  if (!(maxUnits >= MIN_MESSAGE_UNITS)) throw new RangeError(`maxUnits must be at least ${MIN_MESSAGE_UNITS}`);
  const transcript = sendableText(text);
  if (transcript === '') return [];
  const quoted = transcript.length > quoteAboveLength;
  if (transcript.length <= maxUnits) return [part('', transcript, quoted)];
  const pieces = numberedPieces(transcript, maxUnits);
  return pieces.map((piece, i) => part(header(i + 1, pieces.length), piece, quoted));
}

function header(number: number, count: number): string {
  return `(${number}/${count})\n`;
}

/** Pieces that leave room for their header; how long headers are depends on how many pieces there are. */
function numberedPieces(text: string, maxUnits: number): string[] {
  for (let highest = 9; ; highest = highest * 10 + 9) {
    const pieces = piecesOf(text, maxUnits - header(highest, highest).length);
    if (pieces.length <= highest) return pieces;
  }
}

function piecesOf(text: string, limit: number): string[] {
  const pieces: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const cut = cutIndex(rest, limit);
    const piece = sendableText(rest.slice(0, cut));
    if (piece !== '') pieces.push(piece);
    rest = rest.slice(cut).trimStart();
  }
  return pieces;
}

function part(head: string, transcript: string, quoted: boolean): FormattedText {
  return {
    text: head + transcript,
    entities: quoted ? [{ type: 'collapsed-quote', offset: head.length, length: transcript.length }] : [],
  };
}
