import { StoreTooNewError } from '../../store/module-store.js';
import { doublingMs } from '../../supervisor/backoff.js';
import { CommandRefusal } from '../contract/command-refusal.js';

const START_AGAIN = { firstMs: 5000, maxMs: 60_000 };

/** How long after its nth failure to start a module is tried again. */
export function startAgainMs(failures: number): number {
  return doublingMs(START_AGAIN, failures);
}

/** Whether time alone may mend it: not what the module says itself, nor what only another version of it can. */
export function mayMendItself(error: unknown): boolean {
  return !(error instanceof CommandRefusal || error instanceof StoreTooNewError);
}
