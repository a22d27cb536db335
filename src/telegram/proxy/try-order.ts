/** What is remembered of a way to Telegram. */
export interface Standing {
  /** In a row. */
  readonly failures: number;
  readonly failedAtMs: number;
  /** Until when it is passed over because of its failures. */
  readonly restsUntilMs: number;
}

export const UNTRIED: Standing = { failures: 0, failedAtMs: -Infinity, restsUntilMs: -Infinity };

const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 600_000;

/**
 * The ways in the order in which they are to be tried. First, as they stand, those that do not rest, unless they failed
 * since Telegram was reached last (by whatever way): then others have their turn before them. After these, all that were
 * passed over, the one that failed longest ago first. None is left out: a wrong guess about all of them costs no connection.
 */
export function tryOrder<W extends { standing: Standing }>(ways: readonly W[], nowMs: number, reachedAtMs: number): W[] {
  const isPassedOver = ({ standing }: W): boolean => standing.restsUntilMs > nowMs || standing.failedAtMs > reachedAtMs;
  const passedOver = ways.filter(isPassedOver).sort((a, b) => a.standing.failedAtMs - b.standing.failedAtMs);
  return [...ways.filter((way) => !isPassedOver(way)), ...passedOver];
}

/**
 * The standing after one more failure: it rests 30 s, and twice as long after each further one in a row, up to ten
 * minutes. One that was tried while it rested, because there was nothing else, rests no longer for it.
 */
export function afterFailure(standing: Standing, nowMs: number): Standing {
  if (standing.restsUntilMs > nowMs) return { ...standing, failedAtMs: nowMs };
  const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** standing.failures);
  return { failures: standing.failures + 1, failedAtMs: nowMs, restsUntilMs: nowMs + restMs };
}
