import type { SpeechSpan } from './speech-detector.js';

/** Of the detected speech, how much lies in none of the (sorted or unsorted) stretches. */
export function uncoveredSpeechMs(stretches: readonly SpeechSpan[], speech: readonly SpeechSpan[]): number {
  return speech.reduce((sum, span) => sum + span.endMs - span.startMs - coveredMs(span, stretches), 0);
}

function coveredMs(span: SpeechSpan, stretches: readonly SpeechSpan[]): number {
  let covered = 0;
  let reached = span.startMs;
  for (const { startMs, endMs } of [...stretches].sort((a, b) => a.startMs - b.startMs)) {
    const from = Math.max(reached, startMs);
    const to = Math.min(span.endMs, endMs);
    if (to <= from) continue;
    covered += to - from;
    reached = to;
  }
  return covered;
}
