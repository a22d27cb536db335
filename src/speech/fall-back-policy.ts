import { PermanentError, RetryableError, SetupError } from '../errors.js';

/** What is remembered of one engine of several. */
export interface EngineStanding {
  /** Retryable failures in a row. */
  failures: number;
  /** Rests in a row that did not help. */
  rests: number;
  /** Until then others are asked before it; by a clock that never steps. */
  restsUntilMs: number;
}

export const GOOD_STANDING: EngineStanding = { failures: 0, rests: 0, restsUntilMs: 0 };

/** A first failure is the caller's to try again, as with one engine alone; after this many in a row another engine does it. */
const FAILURES_BEFORE_REST = 2;
const REST_MS = { first: 60_000, max: 30 * 60_000 };

/** Whom to ask, in order: as the owner ordered them, those that rest behind the others. Pure. */
export function askingOrder(standings: readonly EngineStanding[], nowMs: number): number[] {
  const all = standings.map((_, index) => index);
  const rests = (index: number): boolean => (standings[index]?.restsUntilMs ?? 0) > nowMs;
  return [...all.filter((index) => !rests(index)), ...all.filter(rests)];
}

/**
 * What a failure of an engine leads to. Pure. `next`: another engine is asked for this sound; otherwise the failure is the
 * answer. A sound that an engine cannot do is no fault of the engine's; what only its owner can put right, or what it told us to
 * wait for, sends it to rest at once; other failures when they come in a row. A rest that did not help is doubled.
 */
export function afterFailure(standing: EngineStanding, error: unknown, nowMs: number): { standing: EngineStanding; next: boolean } {
  if (error instanceof PermanentError) return { standing: { ...standing, failures: 0 }, next: error.reason === 'engine' };
  const failures = standing.failures + 1;
  const toldMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
  if (!(error instanceof SetupError) && toldMs === undefined && failures < FAILURES_BEFORE_REST) {
    return { standing: { ...standing, failures }, next: false };
  }
  const restMs = Math.max(toldMs ?? 0, Math.min(REST_MS.first * 2 ** standing.rests, REST_MS.max));
  return { standing: { failures, rests: standing.rests + 1, restsUntilMs: nowMs + restMs }, next: true };
}
