import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { RetryableError } from '../../src/errors.js';
import { withinLimits } from '../../src/telegram/within-limits.js';

const never = new Promise<never>(() => undefined);

describe('withinLimits', () => {
  it('gives the result, or the error, of work that is in time', async () => {
    const limits = { deadlineMs: 1000, what: 'work', signals: [] };
    expect(await withinLimits(Promise.resolve(1), limits)).toBe(1);
    await expect(withinLimits(Promise.reject(new Error('own')), limits)).rejects.toThrow('own');
  });

  it('gives up at the deadline, and says on what', async () => {
    vi.useFakeTimers();
    try {
      const waiting = withinLimits(never, { deadlineMs: 20_000, what: 'users.GetUsers', signals: [] });
      const outcome = expect(waiting).rejects.toThrow(new RetryableError('no answer to users.GetUsers within 20000 ms'));
      await vi.advanceTimersByTimeAsync(20_000);
      await outcome;
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends at once with the reason of whichever signal aborts, and keeps no listener', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const reason = new Error('stop');
    const waiting = withinLimits(never, { deadlineMs: 1000, what: 'work', signals: [first.signal, second.signal] });
    second.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(getEventListeners(first.signal, 'abort')).toHaveLength(0);
    const late = withinLimits(never, { deadlineMs: 1000, what: 'work', signals: [first.signal, second.signal] });
    await expect(late).rejects.toBe(reason);
    expect(getEventListeners(first.signal, 'abort')).toHaveLength(0);
  });
});
