/** What is remembered of a way to Telegram: how often in a row it failed, and until when it rests because of it. */
export interface Standing {
  readonly failures: number;
  readonly restsUntilMs: number;
}

export const UNTRIED: Standing = { failures: 0, restsUntilMs: 0 };

const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 600_000;

/**
 * The ways in the order in which they are to be tried: those that do not rest as they stand, then the resting ones, the
 * first to be rested first. None is ever left out, so that a wrong guess about all of them costs no connection.
 */
export function tryOrder<W extends { standing: Standing }>(ways: readonly W[], nowMs: number): W[] {
  const rested = ways.filter(({ standing }) => standing.restsUntilMs <= nowMs);
  const resting = ways.filter(({ standing }) => standing.restsUntilMs > nowMs);
  return [...rested, ...resting.sort((a, b) => a.standing.restsUntilMs - b.standing.restsUntilMs)];
}

/**
 * The standing after one more failure: it rests 30 s, and twice as long after each further one in a row, up to ten
 * minutes. One that was tried while it rested, because there was nothing else, rests no longer for it.
 */
export function afterFailure(standing: Standing, nowMs: number): Standing {
  if (standing.restsUntilMs > nowMs) return standing;
  const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** standing.failures);
  return { failures: standing.failures + 1, restsUntilMs: nowMs + restMs };
}
