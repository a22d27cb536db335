import { expect, test } from 'vitest';
import { OfflineError, PermanentError, RetryableError } from '../../src/errors.js';
import { MAX_ATTEMPTS, retryDecision } from '../../src/queue/retry-policy.js';

test('what cannot succeed is given up with its reason', () => {
  expect(retryDecision(0, new PermanentError('too-large', 'x'))).toEqual({ action: 'give-up', reason: 'too-large' });
});

test('a wait that Telegram asked for is kept and counts as no failure', () => {
  expect(retryDecision(7, new RetryableError('flood', 30_000))).toEqual({ action: 'retry', delayMs: 30_250, countsAsFailure: false });
});

test('the absence of a network counts as no failure', () => {
  expect(retryDecision(7, new OfflineError('x'))).toEqual({ action: 'retry', delayMs: 1000, countsAsFailure: false });
});

test('other errors are tried again with doubling delays, known and unknown ones, and then given up', () => {
  const delays = [];
  for (let failed = 0; ; failed += 1) {
    const decision = retryDecision(failed, failed % 2 === 0 ? new RetryableError('x') : new TypeError('x'));
    if (decision.action === 'give-up') break;
    delays.push(decision.delayMs);
  }
  expect(delays).toEqual([2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000]);
  expect(delays).toHaveLength(MAX_ATTEMPTS - 1);
});
