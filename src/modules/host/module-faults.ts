/** `error`: it threw or rejected. `block`: it held the thread. `flood`: it sent more than its budget. */
export type FaultKind = 'error' | 'block' | 'flood';

export interface Fault {
  kind: FaultKind;
  atMs: number;
}

export const FAULT_WINDOW_MS = 10 * 60_000;
/** So many of a kind within ten minutes are too many. */
export const FAULT_LIMITS: Readonly<Record<FaultKind, number>> = { error: 20, block: 5, flood: 10 };
/** A call that keeps the thread for longer without a pause holds up everything else of the account. */
export const BLOCKED_MS = 500;
/** What a module may send: so many at once, then one every so often. */
export const SEND_BUDGET = { burst: 30, everyMs: 2000 };

/**
 * When a module is switched off: after 20 errors, 5 calls that held the thread for over half a second each, or 10 sends over
 * its budget, within ten minutes. Pure; undefined where it may go on.
 */
export function tooManyFaults(faults: readonly Fault[], nowMs: number): FaultKind | undefined {
  const kinds: readonly FaultKind[] = ['error', 'block', 'flood'];
  return kinds.find((kind) => faults.filter((fault) => fault.kind === kind && nowMs - fault.atMs < FAULT_WINDOW_MS).length >= FAULT_LIMITS[kind]);
}
