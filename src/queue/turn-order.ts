import { nextTurns, type HeldJob } from './next-turns.js';

/** More than this nobody reads, and it takes time. */
const MOST_ORDERED = 300;

/** The order in which the jobs will have their turns, one after the other, if none is added; those that are to wait come last. Pure. */
export function turnOrder(held: readonly HeldJob[], { nowMs, busyChats }: { nowMs: number; busyChats: ReadonlySet<string> }): { due: HeldJob[]; later: HeldJob[] } {
  const left = new Set(held.slice(0, MOST_ORDERED));
  const due: HeldJob[] = [];
  // A chat that is at work now has its next turn after the others.
  const served: string[] = [...busyChats];
  for (;;) {
    const [next] = nextTurns([...left], { nowMs, freeSlots: 1, busyChats: new Set(), served });
    if (next === undefined) break;
    left.delete(next);
    due.push(next);
    const before = served.indexOf(next.chat);
    if (before >= 0) served.splice(before, 1);
    served.push(next.chat);
  }
  return { due, later: [...left].sort((one, other) => one.notBeforeMs - other.notBeforeMs) };
}
