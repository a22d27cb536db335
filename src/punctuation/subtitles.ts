import { cuesOf, type Cue, type CueSource } from './subtitle-cues.js';
import type { TimedText } from './timed-text.js';
import type { WordedText } from './timed-words.js';
import { wordCues } from './word-cues.js';

/**
 * SubRip, as players read it (no standard; https://www.matroska.org/technical/subtitles.html#srt-subtitles): a counter
 * from 1, `hh:mm:ss,mmm --> hh:mm:ss,mmm`, the lines, an empty line. UTF-8, LF. Empty where there is no text.
 */
export function toSrt(segments: readonly TimedText[]): string {
  return srtOf(cuesOf(segments));
}

/** SubRip with a cue for every word, as whisper.cpp's `-ml 1 -sow` gives it: SubRip knows no times inside a cue. */
export function toWordSrt(segments: readonly WordedText[]): string {
  return srtOf(wordCues(segments));
}

function srtOf(cues: readonly Cue[]): string {
  return cues
    .map(({ startMs, endMs, lines }, i) => {
      // An arrow in the text would look like a timing line; SubRip has no escapes.
      const text = lines.join('\n').replaceAll('-->', '→');
      return `${i + 1}\n${timestamp(startMs, ',')} --> ${timestamp(endMs, ',')}\n${text}\n`;
    })
    .join('\n');
}

/**
 * WebVTT (https://www.w3.org/TR/webvtt1/): the signature, then cues of `hh:mm:ss.mmm --> hh:mm:ss.mmm` and lines whose
 * `&`, `<` and `>` are escaped (section 4.2.2; that also breaks any `-->` in the text). UTF-8, LF. Where the segments have
 * words, a cue has timestamps before all but its first, by which players show each as it is said (karaoke).
 */
export function toVtt(segments: readonly CueSource[]): string {
  const cues = cuesOf(segments).map(
    (cue) => `\n${timestamp(cue.startMs, '.')} --> ${timestamp(cue.endMs, '.')}\n${textWithTimes(cue)}\n`,
  );
  return `WEBVTT\n${cues.join('')}`;
}

/** A timestamp must be later than those before it, and inside its cue (section 4.2.2). */
function textWithTimes({ startMs, endMs, lines, words = [] }: Cue): string {
  const text = lines.join('\n');
  let written = '';
  let at = 0;
  let latestMs = startMs;
  for (const word of words) {
    if (word.at === 0 || word.startMs <= latestMs || word.startMs >= endMs) continue;
    written += `${escaped(text.slice(at, word.at))}<${timestamp(word.startMs, '.')}>`;
    at = word.at;
    latestMs = word.startMs;
  }
  return written + escaped(text.slice(at));
}

function escaped(text: string): string {
  return text.replaceAll('\0', '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A word a line, as whisper-cli prints segments: `[00:00:01.230 --> 00:00:01.560]  word`. */
export function toWordLines(segments: readonly WordedText[]): string {
  return wordCues(segments)
    .map(({ startMs, endMs, lines }) => `[${timestamp(startMs, '.')} --> ${timestamp(endMs, '.')}]  ${lines.join(' ')}\n`)
    .join('');
}

/** Hours have two digits, or more where they need them. */
function timestamp(ms: number, decimalMark: ',' | '.'): string {
  const pad = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0');
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((value) => pad(value, 2)).join(':');
  return `${clock}${decimalMark}${pad(ms % 1000, 3)}`;
}
