const WINDOW_MS = 10 * 60_000;
const ENDS = 3;

/**
 * What to do when a module's process ended by itself, at the times given (the newest last): it is started again, unless that was
 * the third time within ten minutes. Pure.
 */
export function afterEnd(endsMs: readonly number[], nowMs: number): 'restart' | 'give-up' {
  return endsMs.filter((atMs) => nowMs - atMs < WINDOW_MS).length < ENDS ? 'restart' : 'give-up';
}
