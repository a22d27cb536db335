import { OfflineError, PermanentError, RetryableError, type FailureReason } from '../errors.js';

export type RetryDecision =
  | { action: 'retry'; delayMs: number; countsAsFailure: boolean }
  | { action: 'give-up'; reason: FailureReason };

const FIRST_DELAY_MS = 2000;
const MAX_DELAY_MS = 300_000;
/** With the doubling above: some four minutes of trying. */
export const MAX_ATTEMPTS = 8;
/** The next try waits for the connection by itself; this is for the moment until its loss has been noticed. */
const OFFLINE_DELAY_MS = 1000;
/** Telegram's own waits are kept to the second, plus a little, so as not to knock a moment too early. */
const TOLD_WAIT_MARGIN_MS = 250;

/**
 * What becomes of a job whose try failed. Pure. Waits that Telegram asked for, and the absence of a network, do not count
 * as failures; what cannot succeed is given up at once; an error nobody foresaw is tried a few times like a network one.
 * `failedAttempts` counts the failures before this one.
 */
export function retryDecision(failedAttempts: number, error: unknown): RetryDecision {
  if (error instanceof PermanentError) return { action: 'give-up', reason: error.reason };
  if (error instanceof OfflineError) return { action: 'retry', delayMs: OFFLINE_DELAY_MS, countsAsFailure: false };
  if (error instanceof RetryableError && error.retryAfterMs !== undefined) {
    return { action: 'retry', delayMs: error.retryAfterMs + TOLD_WAIT_MARGIN_MS, countsAsFailure: false };
  }
  if (failedAttempts + 1 >= MAX_ATTEMPTS) return { action: 'give-up', reason: 'internal' };
  return { action: 'retry', delayMs: Math.min(FIRST_DELAY_MS * 2 ** failedAttempts, MAX_DELAY_MS), countsAsFailure: true };
}
