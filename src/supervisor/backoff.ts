/** How long to wait before the next attempt. */
export interface BackoffPolicy {
  firstMs: number;
  maxMs: number;
  /** A share of the delay, 0…1: the wait is drawn from [delay × (1 - jitter), delay]. */
  jitter: number;
}

/** Doubling, capped, jittered. `attempt` counts from 1; `random` gives [0, 1). */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number): number {
  return Math.round(doublingMs(policy, attempt) * (1 - policy.jitter * random()));
}

/** `firstMs` at the first attempt, which is 1, twice as long at each further one, `maxMs` at the most. Pure. */
export function doublingMs({ firstMs, maxMs }: Pick<BackoffPolicy, 'firstMs' | 'maxMs'>, attempt: number): number {
  return Math.min(firstMs * 2 ** Math.min(attempt - 1, 30), maxMs);
}
