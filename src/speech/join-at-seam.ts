import type { TranscribedSegment, TranscribedWord } from './transcript.js';

/** Where speech without a pause was cut: both windows heard what lies between `fromMs` and `toMs`. */
export interface Seam {
  fromMs: number;
  cutMs: number;
  toMs: number;
}

/** How far engines' word times are off. */
const SLACK_MS = 400;
/** The same words in both windows are the same words only where they stand about as far into the recording. */
const SAME_WORD_MS = 1000;

/**
 * One text of two windows that overlap at a seam: words that both heard stand there once. Where both have the same words
 * the text changes over after the longest such run; where not, at the cut. Times are the recording's.
 */
export function joinAtSeam(
  earlier: readonly TranscribedSegment[],
  later: readonly TranscribedSegment[],
  seam: Seam,
): TranscribedSegment[] {
  const tail = timedWords(earlier).filter(({ word }) => word.endMs > seam.fromMs - SLACK_MS);
  const head = timedWords(later).filter(({ word }) => word.startMs < seam.toMs + SLACK_MS);
  const run = longestCommonRun(tail, head);
  const [lastEarlier, firstLater] =
    run.length > 0
      ? [run.tail + run.length, run.head + run.length]
      : [tail.findIndex(({ word }) => middleOf(word) >= seam.cutMs), head.findIndex(({ word }) => middleOf(word) >= seam.cutMs)];
  const afterwards = lastEarlier < 0 ? [] : tail.slice(lastEarlier);
  const before = firstLater < 0 ? head : head.slice(0, firstLater);
  return [...without(earlier, afterwards), ...without(later, before)];
}

interface PlacedWord {
  segment: TranscribedSegment;
  word: TranscribedWord;
  /** Which of its segment's words it is: two may be alike to the millisecond. */
  at: number;
}

/** The words of segments; where the engine gave none, those of the text, spread evenly. */
function timedWords(segments: readonly TranscribedSegment[]): PlacedWord[] {
  return segments.flatMap((segment) => {
    if (segment.words.length > 0) return segment.words.map((word, at) => ({ segment, word, at }));
    const texts = segment.text.split(/\s+/);
    const stepMs = (segment.endMs - segment.startMs) / texts.length;
    return texts.map((text, at) => {
      const startMs = Math.round(segment.startMs + at * stepMs);
      return { segment, word: { text, startMs, endMs: Math.round(startMs + stepMs) }, at };
    });
  });
}

function longestCommonRun(tail: readonly PlacedWord[], head: readonly PlacedWord[]): { tail: number; head: number; length: number } {
  let best = { tail: 0, head: 0, length: 0 };
  for (let from = 0; from < tail.length; from += 1) {
    for (let at = 0; at < head.length; at += 1) {
      let length = 0;
      while (isSame(tail[from + length]?.word, head[at + length]?.word)) length += 1;
      if (length > best.length) best = { tail: from, head: at, length };
    }
  }
  return best;
}

function isSame(a: TranscribedWord | undefined, b: TranscribedWord | undefined): boolean {
  if (a === undefined || b === undefined || plain(a.text) === '') return false;
  return plain(a.text) === plain(b.text) && Math.abs(middleOf(a) - middleOf(b)) <= SAME_WORD_MS;
}

function without(segments: readonly TranscribedSegment[], dropped: readonly PlacedWord[]): TranscribedSegment[] {
  return segments.flatMap((segment) => {
    const gone = new Set(dropped.filter((one) => one.segment === segment).map(({ at }) => at));
    if (gone.size === 0) return [segment];
    const words = timedWords([segment]).flatMap(({ word, at }) => (gone.has(at) ? [] : [word]));
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) return [];
    const startMs = Math.max(segment.startMs, first.startMs);
    const endMs = Math.max(startMs, Math.min(segment.endMs, last.endMs));
    return [{ ...segment, startMs, endMs, text: textOf(words), words: segment.words.length > 0 ? words : [] }];
  });
}

function textOf(words: readonly TranscribedWord[]): string {
  return words.reduce((text, word) => text + (text === '' || /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word.text) ? '' : ' ') + word.text, '');
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function middleOf({ startMs, endMs }: TranscribedWord): number {
  return (startMs + endMs) / 2;
}
