import type { TranscribedSegment, TranscribedWord } from './transcript.js';

/** What models write for sounds that are no speech: `[BLANK_AUDIO]`, `(music)`, `*sighs*`, `♪ la la ♪`. Nobody dictates these. */
const ANNOTATION = /\[[^\]]*\]|\([^)]*\)|\*[^*]+\*|♪[^♪]*♪?/gu;

/** Segments without annotations of sounds; those with nothing else in them are gone. */
export function cleanSegments(segments: readonly TranscribedSegment[]): TranscribedSegment[] {
  return segments
    .map((segment) => {
      const text = segment.text.replace(ANNOTATION, ' ').replace(/\s+/g, ' ').trim();
      return text === segment.text ? segment : { ...segment, text, words: withoutAnnotations(segment.words) };
    })
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

/** The words outside of annotations, which may reach over several words. */
function withoutAnnotations(words: readonly TranscribedWord[]): TranscribedWord[] {
  const joined = words.map(({ text }) => text).join(' ');
  const annotated = [...joined.matchAll(ANNOTATION)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  let at = 0;
  return words.filter(({ text }) => {
    const from = at;
    at += text.length + 1;
    return !annotated.some((range) => from >= range.from && from < range.to);
  });
}
