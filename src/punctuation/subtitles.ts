import { cuesOf } from './subtitle-cues.js';
import type { TimedText } from './timed-text.js';

/**
 * SubRip, as players read it (no standard; https://www.matroska.org/technical/subtitles.html#srt-subtitles): a counter
 * from 1, `hh:mm:ss,mmm --> hh:mm:ss,mmm`, the lines, an empty line. UTF-8, LF. Empty where there is no text.
 */
export function toSrt(segments: readonly TimedText[]): string {
  return cuesOf(segments)
    .map(({ startMs, endMs, lines }, i) => {
      // An arrow in the text would look like a timing line; SubRip has no escapes.
      const text = lines.join('\n').replaceAll('-->', '→');
      return `${i + 1}\n${timestamp(startMs, ',')} --> ${timestamp(endMs, ',')}\n${text}\n`;
    })
    .join('\n');
}

/**
 * WebVTT (https://www.w3.org/TR/webvtt1/): the signature, then cues of `hh:mm:ss.mmm --> hh:mm:ss.mmm` and lines whose
 * `&`, `<` and `>` are escaped (section 4.2.2; that also breaks any `-->` in the text). UTF-8, LF.
 */
export function toVtt(segments: readonly TimedText[]): string {
  const cues = cuesOf(segments).map(({ startMs, endMs, lines }) => {
    const text = lines.join('\n').replaceAll('\0', '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return `\n${timestamp(startMs, '.')} --> ${timestamp(endMs, '.')}\n${text}\n`;
  });
  return `WEBVTT\n${cues.join('')}`;
}

/** Hours have two digits, or more where they need them. */
function timestamp(ms: number, decimalMark: ',' | '.'): string {
  const pad = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, '0');
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map((value) => pad(value, 2)).join(':');
  return `${clock}${decimalMark}${pad(ms % 1000, 3)}`;
}
