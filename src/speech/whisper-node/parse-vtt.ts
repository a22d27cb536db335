import type { TranscribedSegment } from '../transcript.js';

const CUE_TIMES = /^(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})$/;

/** The cues of a WebVTT file as whisper.cpp writes it, their times cut to the sound. Whatever is no cue is passed over. */
export function parseVtt(vtt: string, durationMs: number): TranscribedSegment[] {
  const segments: TranscribedSegment[] = [];
  let afterMs = 0;
  for (const cue of vtt.split(/\n{2,}/)) {
    const [times = '', ...lines] = cue.trim().split('\n');
    const numbers = CUE_TIMES.exec(times)?.slice(1).map(Number);
    const text = lines.join(' ').replace(/\s+/gu, ' ').trim();
    if (numbers === undefined || text === '') continue;
    const startMs = Math.min(Math.max(toMs(numbers.slice(0, 4)), afterMs), durationMs);
    afterMs = Math.min(Math.max(toMs(numbers.slice(4)), startMs), durationMs);
    segments.push({ startMs, endMs: afterMs, text, words: [] });
  }
  return segments;
}

function toMs([hours = 0, minutes = 0, seconds = 0, ms = 0]: readonly number[]): number {
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
}
