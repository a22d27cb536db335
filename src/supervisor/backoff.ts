/** How long to wait before the next attempt. */
export interface BackoffPolicy {
  firstMs: number;
  maxMs: number;
  /** A share of the delay, 0…1: the wait is drawn from [delay × (1 - jitter), delay]. */
  jitter: number;
}

/** Doubling, capped, jittered. `attempt` counts from 1; `random` gives [0, 1). */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number): number {
  const delayMs = Math.min(policy.firstMs * 2 ** Math.min(attempt - 1, 30), policy.maxMs);
  return Math.round(delayMs * (1 - policy.jitter * random()));
}
