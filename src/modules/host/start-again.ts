import { StoreTooNewError } from '../../store/module-store.js';
import { CommandRefusal } from '../contract/command-refusal.js';

const FIRST_MS = 5000;
const LONGEST_MS = 60_000;

/** How long after its nth failure to start a module is tried again. */
export function startAgainMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}

/** Whether time alone may mend it: not what the module says itself, nor what only another version of it can. */
export function mayMendItself(error: unknown): boolean {
  return !(error instanceof CommandRefusal || error instanceof StoreTooNewError);
}
