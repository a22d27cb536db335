import type { SpeechSpan } from './speech-detector.js';

/** A stretch of the recording that a window has. */
export interface WindowPiece extends SpeechSpan {
  /** Speech without a pause was cut here: the window before heard on past this moment, and this one begins before it. */
  cutMs?: number;
}

/** What the engine hears at once: pieces of the recording, in order, put together without anything between them. */
export type SpeechWindow = readonly WindowPiece[];

export interface WindowPlan {
  spans: readonly SpeechSpan[];
  durationMs: number;
  /** Sound in one window at most. */
  maxWindowMs: number;
  /** Where speech between two moments of the recording is best cut, see `quietestMoment`. */
  cutPoint: (fromMs: number, toMs: number) => Promise<number>;
}

interface Piece extends WindowPiece {
  /** Silence in the recording before this piece's speech. */
  pauseMs: number;
}

/** Sound kept on each side of a span: detectors cut the soft ends of words, and models hear worse without natural pauses. */
const PAD_MS = 600;
/**
 * Where windows are as long as the encoder, one fewer saves a whole pass of it, and less is kept if that does it: as much as
 * faster-whisper always keeps (`speech_pad_ms`, 400). Shorter windows cost by their length, so nothing would be saved.
 */
const TIGHT_PAD_MS = 400;
const ENCODER_MS = 30_000;
/** Between words there are shorter ones; at this one a window may end, and the fuller it is the less the engine has to do. */
const REAL_PAUSE_MS = 600;
/** Where there is none, a window may end early, at the longest pause, once it is this full. */
const EARLY_CUT_SHARE = 0.5;
/** Around a cut inside speech both windows hear between this and this much more, so that no word is lost to the cut. */
const OVERLAP_LEAST_MS = 500;
const OVERLAP_MOST_MS = 1500;

/**
 * Packs spans of speech into windows: silence between them shrinks to twice the padding, windows are cut at the last real
 * pause of their second half or else the longest one, and inside a span only where it alone is longer than a window. There
 * the two windows overlap.
 */
export async function planWindows(plan: WindowPlan): Promise<SpeechWindow[]> {
  const windows = await pack(plan, PAD_MS);
  if (windows.length <= 1 || plan.maxWindowMs < ENCODER_MS) return windows;
  const fewer = await pack(plan, TIGHT_PAD_MS);
  return fewer.length < windows.length ? fewer : windows;
}

async function pack(plan: WindowPlan, padMs: number): Promise<SpeechWindow[]> {
  const windows: SpeechWindow[] = [];
  let open: Piece[] = [];
  for (const piece of await splitLongPieces(padSpans(plan.spans, plan.durationMs, padMs), plan)) {
    while (open.length > 0 && lengthMs([...open, piece]) > plan.maxWindowMs) {
      const end = bestEnd(open, piece, plan.maxWindowMs);
      windows.push(open.slice(0, end).map(toWindowPiece));
      open = open.slice(end);
    }
    open.push(piece);
  }
  if (open.length > 0) windows.push(open.map(toWindowPiece));
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

/** The detected speech that a window has, in the window's own time. */
export function speechInWindow(window: SpeechWindow, spans: readonly SpeechSpan[]): SpeechSpan[] {
  let passedMs = 0;
  return window.flatMap((piece) => {
    const shiftMs = passedMs - piece.startMs;
    passedMs += piece.endMs - piece.startMs;
    return spans
      .filter((span) => span.startMs < piece.endMs && span.endMs > piece.startMs)
      .map((span) => ({
        startMs: Math.max(span.startMs, piece.startMs) + shiftMs,
        endMs: Math.min(span.endMs, piece.endMs) + shiftMs,
      }));
  });
}

/** Windows of full length one after the other, wherever that cuts; those without any speech are left out. */
export function fixedWindows(spans: readonly SpeechSpan[], durationMs: number, maxWindowMs: number): SpeechWindow[] {
  return Array.from({ length: Math.ceil(durationMs / maxWindowMs) }, (_, at) => [
    { startMs: at * maxWindowMs, endMs: Math.min((at + 1) * maxWindowMs, durationMs) },
  ]).filter((window) => speechInWindow(window, spans).length > 0);
}

/** Every span with its padding; where two would meet, each gets half of the pause. */
function padSpans(spans: readonly SpeechSpan[], durationMs: number, padMs: number): Piece[] {
  return spans.map((span, index) => {
    const before = spans[index - 1]?.endMs ?? 0;
    const after = spans[index + 1]?.startMs ?? durationMs;
    const first = index === 0;
    const last = index === spans.length - 1;
    return {
      startMs: Math.max(first ? 0 : (before + span.startMs) / 2, span.startMs - padMs),
      endMs: Math.min(last ? durationMs : (span.endMs + after) / 2, span.endMs + padMs),
      pauseMs: span.startMs - before,
    };
  });
}

async function splitLongPieces(pieces: readonly Piece[], plan: WindowPlan): Promise<Piece[]> {
  const mostMs = Math.min(OVERLAP_MOST_MS, plan.maxWindowMs / 8);
  const leastMs = Math.min(OVERLAP_LEAST_MS, mostMs);
  const result: Piece[] = [];
  for (const whole of pieces) {
    let rest = whole;
    while (rest.endMs - rest.startMs > plan.maxWindowMs) {
      const latest = rest.startMs + plan.maxWindowMs - mostMs;
      const cutMs = await plan.cutPoint(rest.startMs + plan.maxWindowMs * EARLY_CUT_SHARE, latest);
      const lastMs = await plan.cutPoint(cutMs + leastMs, Math.min(cutMs + mostMs, rest.endMs));
      const firstMs = await plan.cutPoint(cutMs - mostMs, cutMs - leastMs);
      result.push({ ...rest, endMs: Math.min(lastMs, rest.endMs) });
      rest = { startMs: firstMs, endMs: rest.endMs, pauseMs: 0, cutMs };
    }
    result.push(rest);
  }
  return result;
}

function toWindowPiece({ startMs, endMs, cutMs }: Piece): WindowPiece {
  return { startMs, endMs, ...(cutMs !== undefined && { cutMs }) };
}

/** How many of the open pieces the window gets: up to the last real pause, or else the longest, of those that leave it full enough. */
function bestEnd(open: readonly Piece[], next: Piece, maxWindowMs: number): number {
  let best = { end: open.length, pauseMs: next.pauseMs };
  for (let end = open.length - 1; end > 0 && best.pauseMs < REAL_PAUSE_MS; end -= 1) {
    if (lengthMs(open.slice(0, end)) < maxWindowMs * EARLY_CUT_SHARE) break;
    const pauseMs = open[end]?.pauseMs ?? 0;
    if (pauseMs > best.pauseMs) best = { end, pauseMs };
  }
  return best.end;
}

function lengthMs(pieces: readonly SpeechSpan[]): number {
  return pieces.reduce((sum, piece) => sum + piece.endMs - piece.startMs, 0);
}
