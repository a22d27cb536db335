import type { SpeechSpan } from './speech-detector.js';

/** What the engine hears at once: pieces of the recording, in order, put together without anything between them. */
export type SpeechWindow = readonly SpeechSpan[];

export interface WindowPlan {
  spans: readonly SpeechSpan[];
  durationMs: number;
  /** Sound in one window at most. */
  maxWindowMs: number;
  /** Where speech between two moments of the recording is best cut, see `quietestMoment`. */
  cutPoint: (fromMs: number, toMs: number) => Promise<number>;
}

interface Piece extends SpeechSpan {
  /** Silence in the recording before this piece's speech. */
  pauseMs: number;
}

/** Sound kept on each side of a span: detectors cut the soft ends of words, and models hear worse without natural pauses. */
const PAD_MS = 600;
/** A window may end early, at a longer pause, once it is this full. */
const EARLY_CUT_SHARE = 0.5;

/**
 * Packs spans of speech into windows: silence between them shrinks to twice the padding, windows are cut at the longest
 * pause of their second half, and inside a span only where it alone is longer than a window.
 */
export async function planWindows(plan: WindowPlan): Promise<SpeechWindow[]> {
  const windows: SpeechWindow[] = [];
  let open: Piece[] = [];
  for (const piece of await splitLongPieces(padSpans(plan.spans, plan.durationMs), plan)) {
    while (open.length > 0 && lengthMs([...open, piece]) > plan.maxWindowMs) {
      const end = bestEnd(open, piece, plan.maxWindowMs);
      windows.push(open.slice(0, end).map(({ startMs, endMs }) => ({ startMs, endMs })));
      open = open.slice(end);
    }
    open.push(piece);
  }
  if (open.length > 0) windows.push(open.map(({ startMs, endMs }) => ({ startMs, endMs })));
  return windows;
}

/** The length of the sound of a window. */
export function windowMs(window: SpeechWindow): number {
  return lengthMs(window);
}

/**
 * The moment of the recording that stands at `ms` of the window. On a seam between two pieces, a start belongs to the
 * later one and an end to the earlier one.
 */
export function toRecordingMs(window: SpeechWindow, ms: number, edge: 'start' | 'end'): number {
  let passedMs = 0;
  for (const piece of window) {
    const length = piece.endMs - piece.startMs;
    if (ms < passedMs + length || (edge === 'end' && ms <= passedMs + length)) return piece.startMs + (ms - passedMs);
    passedMs += length;
  }
  return window.at(-1)?.endMs ?? ms;
}

/** Every span with its padding; where two would meet, each gets half of the pause. */
function padSpans(spans: readonly SpeechSpan[], durationMs: number): Piece[] {
  return spans.map((span, index) => {
    const before = spans[index - 1]?.endMs ?? 0;
    const after = spans[index + 1]?.startMs ?? durationMs;
    const first = index === 0;
    const last = index === spans.length - 1;
    return {
      startMs: Math.max(first ? 0 : (before + span.startMs) / 2, span.startMs - PAD_MS),
      endMs: Math.min(last ? durationMs : (span.endMs + after) / 2, span.endMs + PAD_MS),
      pauseMs: span.startMs - before,
    };
  });
}

async function splitLongPieces(pieces: readonly Piece[], plan: WindowPlan): Promise<Piece[]> {
  const result: Piece[] = [];
  for (const whole of pieces) {
    let rest = whole;
    while (rest.endMs - rest.startMs > plan.maxWindowMs) {
      const latest = Math.min(rest.startMs + plan.maxWindowMs, rest.endMs);
      const cutMs = await plan.cutPoint(rest.startMs + plan.maxWindowMs * EARLY_CUT_SHARE, latest);
      result.push({ ...rest, endMs: cutMs });
      rest = { startMs: cutMs, endMs: rest.endMs, pauseMs: 0 };
    }
    result.push(rest);
  }
  return result;
}

/** How many of the open pieces the window gets: up to the longest pause, of those that leave it full enough. */
function bestEnd(open: readonly Piece[], next: Piece, maxWindowMs: number): number {
  let best = { end: open.length, pauseMs: next.pauseMs };
  for (let end = open.length - 1; end > 0; end -= 1) {
    if (lengthMs(open.slice(0, end)) < maxWindowMs * EARLY_CUT_SHARE) break;
    const pauseMs = open[end]?.pauseMs ?? 0;
    if (pauseMs > best.pauseMs) best = { end, pauseMs };
  }
  return best.end;
}

function lengthMs(pieces: readonly SpeechSpan[]): number {
  return pieces.reduce((sum, piece) => sum + piece.endMs - piece.startMs, 0);
}
