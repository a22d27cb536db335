import { AccountStoppedError, NoSpaceError, OfflineError, PermanentError, RetryableError, SetupError, type FailureReason } from '../errors.js';
import { doublingMs } from '../supervisor/backoff.js';

export type RetryDecision =
  | { action: 'retry'; delayMs: number; countsAs: 'failure' | 'wait' }
  | { action: 'give-up'; reason: FailureReason };

/** What a job has behind it: tries that failed, and tries that ended in a wait which is no failure. */
export interface TriesBehind {
  failedAttempts: number;
  waits: number;
}

export const MAX_DELAY_MS = 300_000;
const FAILURE_DELAY = { firstMs: 2000, maxMs: MAX_DELAY_MS };
/** With the doubling above: some four minutes of trying. */
export const MAX_ATTEMPTS = 8;
/**
 * The next try waits for the connection by itself, so these delays pass while there is one: a job that finds itself
 * offline a hundred times although the account is connected has been tried for more than an hour and a half.
 */
const OFFLINE_DELAY = { firstMs: 1000, maxMs: 60_000 };
export const MAX_WAITS = 100;
/** Only the owner can put it right, and may be asleep: some eight hours, with what was mended soon found out at first. */
const SETUP_DELAY = { firstMs: 2000, maxMs: MAX_DELAY_MS };
/** Telegram's own waits are kept to the second, plus a little, so as not to knock a moment too early. */
const TOLD_WAIT_MARGIN_MS = 250;
/** After a day it is asked again. */
export const MAX_TOLD_WAIT_MS = 24 * 3600_000;

/**
 * What becomes of a job whose try failed. Pure. Waits that Telegram asked for, the absence of a network, and what the machine lacks
 * until its owner sees to it (a model, a valid key) do not count as failures, but do not go on for ever either; what cannot succeed is given up at once; an error nobody foresaw is tried a
 * few times like a network one. `behind` counts what was before this try.
 */
export function retryDecision({ failedAttempts, waits }: TriesBehind, error: unknown): RetryDecision {
  if (error instanceof PermanentError) return { action: 'give-up', reason: error.reason };
  const waitMs = waitOf(error, waits);
  if (waitMs !== undefined) {
    if (waits + 1 >= MAX_WAITS) return { action: 'give-up', reason: 'internal' };
    return { action: 'retry', delayMs: waitMs, countsAs: 'wait' };
  }
  if (failedAttempts + 1 >= MAX_ATTEMPTS) return { action: 'give-up', reason: error instanceof NoSpaceError ? 'no-space' : 'internal' };
  return { action: 'retry', delayMs: doublingMs(FAILURE_DELAY, failedAttempts + 1), countsAs: 'failure' };
}

/** How long to wait where the try is no failure: nobody could have done better. */
function waitOf(error: unknown, waits: number): number | undefined {
  if (error instanceof OfflineError || error instanceof AccountStoppedError) {
    return doublingMs(OFFLINE_DELAY, waits + 1);
  }
  if (error instanceof SetupError) return doublingMs(SETUP_DELAY, waits + 1);
  if (error instanceof RetryableError && error.retryAfterMs !== undefined) {
    return Math.min(error.retryAfterMs + TOLD_WAIT_MARGIN_MS, MAX_TOLD_WAIT_MS);
  }
  return undefined;
}

/** A job that takes the whole process down with it must not do so for ever. */
export const MAX_CRASHES = 10;
const CRASH_WAIT = { firstMs: 1000, maxMs: 60_000 };

/**
 * How long a job waits that was in work when the process was killed, so many times in a row. Pure. Mostly it was there by
 * accident, as the first of the line: others go first, and it gets a moment at which nothing is killed. Once is no reason to
 * keep anybody waiting.
 */
export function waitAfterCrashesMs(crashes: number): number {
  return crashes < 2 ? 0 : doublingMs(CRASH_WAIT, crashes);
}
