/** What the owner wants with voices that come late: `GRAMSCRIBE_BACKLOG`. A number: the age up to which they are answered, ms. */
export type BacklogPolicy = 'all' | 'ask' | 'record' | number;

export type BacklogDecision =
  | { action: 'answer' }
  /** Written down and kept; nothing is said in the chat. */
  | { action: 'record' }
  | { action: 'set-aside'; because: SetAsideBecause };

/** `ask`: the owner wants to be asked. `too-old`: they want no answer after so long. */
export type SetAsideBecause = 'ask' | 'too-old';

/** A voice that was sent less than this before we saw it came in time, whatever kept it. */
const IN_TIME_MS = 120_000;

/** What becomes of a voice that was sent `ageMs` before it was seen. Pure. */
export function backlogDecision(policy: BacklogPolicy, ageMs: number): BacklogDecision {
  if (ageMs <= IN_TIME_MS || policy === 'all') return { action: 'answer' };
  if (policy === 'record') return { action: 'record' };
  if (policy === 'ask') return { action: 'set-aside', because: 'ask' };
  return ageMs <= policy ? { action: 'answer' } : { action: 'set-aside', because: 'too-old' };
}
