import type { SpeechSpan } from './speech-detector.js';
import type { TranscribedSegment } from './transcript.js';

/** Nearer than this the detector's edge is taken for the true one: engines' times are coarser. */
const NEAR_MS = 400;

/**
 * Segments whose edges stand on detected speech: an edge in silence moves to the speech that the segment reaches, one just
 * inside a span moves out to the span's edge unless a neighbour stands there. Words stay inside their segment. Segments
 * must be in order; one without any detected speech in it stays as it is.
 */
export function snapTimes(segments: readonly TranscribedSegment[], speech: readonly SpeechSpan[]): TranscribedSegment[] {
  const snapped: TranscribedSegment[] = [];
  for (const [index, segment] of segments.entries()) {
    const before = snapped.at(-1)?.endMs ?? -Infinity;
    const after = segments[index + 1]?.startMs ?? Infinity;
    const spoken = speech.filter((span) => span.startMs < segment.endMs && span.endMs > segment.startMs);
    const first = spoken[0];
    const last = spoken.at(-1);
    if (first === undefined || last === undefined) {
      snapped.push(segment);
      continue;
    }
    const startMs = snappedEdge(segment.startMs, first.startMs, first.startMs >= before, segment.startMs < first.startMs);
    const endMs = snappedEdge(segment.endMs, last.endMs, last.endMs <= after, segment.endMs > last.endMs);
    snapped.push(endMs > startMs ? inside({ ...segment, startMs, endMs }) : segment);
  }
  return snapped;
}

function snappedEdge(edgeMs: number, speechEdgeMs: number, isFree: boolean, inSilence: boolean): number {
  if (inSilence) return speechEdgeMs;
  return isFree && Math.abs(edgeMs - speechEdgeMs) <= NEAR_MS ? speechEdgeMs : edgeMs;
}

function inside(segment: TranscribedSegment): TranscribedSegment {
  const clamp = (ms: number) => Math.min(Math.max(ms, segment.startMs), segment.endMs);
  const words = segment.words.map((word) => ({ ...word, startMs: clamp(word.startMs), endMs: clamp(word.endMs) }));
  return { ...segment, words };
}
