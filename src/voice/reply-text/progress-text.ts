import type { Texts } from '../../i18n/texts.js';
import type { FormattedText } from '../../telegram/formatted-text.js';
import { MAX_MESSAGE_UNITS } from './reply-parts.js';
import { sendableText } from './sendable-text.js';

/** How far a long transcription is; both times are of the audio. */
export interface TranscriptionProgress {
  doneMs: number;
  totalMs: number;
  /** What has been written down so far. */
  partialText?: string;
}

/** The message that a long transcription shows while it runs: the percentage, and the end of the text so far. */
export function progressText(texts: Texts['reply'], progress: TranscriptionProgress): FormattedText {
  const percent = Math.floor((progress.doneMs / progress.totalMs) * 100);
  const head = texts.progress(Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0);
  const soFar = sendableText(progress.partialText ?? '');
  const text = soFar === '' ? head : `${head}\n\n${tail(soFar, MAX_MESSAGE_UNITS - head.length - 2)}`;
  return { text, entities: [] };
}

/** The end of the text in at most `limit` units, from the start of a word (or at least of a character). */
function tail(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const from = text.length - limit + '…'.length;
  const space = text.slice(from).search(/\s(?!\p{M})/u);
  const word = space < 0 ? '' : text.slice(from + space).trimStart();
  if (word !== '' && word.length > limit / 2) return `…${word}`;
  return `…${text.slice(characterEnd(text, from))}`;
}

/** `from`, or the end of the character that it would cut in two. */
function characterEnd(text: string, from: number): number {
  const start = Math.max(0, from - 64);
  const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text.slice(start));
  const last = characters.containing(from - 1 - start);
  return last ? Math.max(from, start + last.index + last.segment.length) : from;
}
