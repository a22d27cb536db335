import { expect, test } from 'vitest';
import { AccountStoppedError, NoSpaceError, OfflineError, PermanentError, RetryableError, SetupError } from '../../src/errors.js';
import { MAX_ATTEMPTS, MAX_TOLD_WAIT_MS, MAX_WAITS, retryDecision } from '../../src/queue/retry-policy.js';

const fresh = { failedAttempts: 0, waits: 0 };

test('what cannot succeed is given up with its reason', () => {
  expect(retryDecision(fresh, new PermanentError('too-large', 'x'))).toEqual({ action: 'give-up', reason: 'too-large' });
});

test('a wait that Telegram asked for is kept and counts as no failure; after a day it is asked again', () => {
  const tried = { failedAttempts: 7, waits: 0 };
  expect(retryDecision(tried, new RetryableError('flood', 30_000))).toEqual({ action: 'retry', delayMs: 30_250, countsAs: 'wait' });
  expect(retryDecision(tried, new RetryableError('flood', 7 * MAX_TOLD_WAIT_MS))).toMatchObject({ delayMs: MAX_TOLD_WAIT_MS });
});

test('the absence of a network, and an account that is stopped, count as no failure', () => {
  for (const error of [new OfflineError('x'), new AccountStoppedError('SESSION_REVOKED', 'x')]) {
    expect(retryDecision({ failedAttempts: 7, waits: 0 }, error)).toEqual({ action: 'retry', delayMs: 1000, countsAs: 'wait' });
  }
});

test('what the owner has to put right costs no voice: hours are waited for it', () => {
  let waitedMs = 0;
  for (let waits = 0; ; waits += 1) {
    const decision = retryDecision({ failedAttempts: 7, waits }, new SetupError('the key is refused', 'set it'));
    if (decision.action === 'give-up') break;
    expect(decision.countsAs).toBe('wait');
    waitedMs += decision.delayMs;
  }
  expect(waitedMs).toBeGreaterThan(6 * 3600_000);
});

test.each([new OfflineError('x'), new RetryableError('flood', 1000)])('waits do not go on for ever: %s', (error) => {
  let waits = 0;
  for (; retryDecision({ failedAttempts: 0, waits }, error).action === 'retry'; waits += 1) expect(waits).toBeLessThan(MAX_WAITS);
  expect(waits).toBe(MAX_WAITS - 1);
  expect(retryDecision({ failedAttempts: 0, waits }, error)).toEqual({ action: 'give-up', reason: 'internal' });
});

test('other errors are tried again with doubling delays, known and unknown ones, and then given up', () => {
  const delays = [];
  for (let failedAttempts = 0; ; failedAttempts += 1) {
    const error = failedAttempts % 2 === 0 ? new RetryableError('x') : new TypeError('x');
    const decision = retryDecision({ failedAttempts, waits: 99 }, error);
    if (decision.action === 'give-up') break;
    delays.push(decision.delayMs);
  }
  expect(delays).toEqual([2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000]);
  expect(delays).toHaveLength(MAX_ATTEMPTS - 1);
});

test('a disk that stays full is told as what it is', () => {
  const full = new NoSpaceError('x');
  expect(retryDecision(fresh, full)).toEqual({ action: 'retry', delayMs: 2000, countsAs: 'failure' });
  expect(retryDecision({ failedAttempts: MAX_ATTEMPTS - 1, waits: 0 }, full)).toEqual({ action: 'give-up', reason: 'no-space' });
});
