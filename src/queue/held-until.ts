/** When a job that stands in the line may have its turn. */
export interface Hold {
  notBeforeMs: number;
  /** The younger jobs of its chat wait for it. */
  holdsChat: boolean;
}

/**
 * Jobs stand in BullMQ's delayed set until the worker gives them their turn, so their delay must not run out by itself,
 * whatever the clock does: the times in there lie a year ahead, or two where the job holds its chat.
 */
const YEAR_MS = 365 * 24 * 3600_000;
/** BullMQ's score of a delayed job is its time × 4096 plus a number that keeps the order within one millisecond. */
const SCORES_PER_MS = 4096;

/** The time under which a job is put into the delayed set. */
export function heldUntilMs({ notBeforeMs, holdsChat }: Hold): number {
  return notBeforeMs + (holdsChat ? 2 : 1) * YEAR_MS;
}

/** What a score of the delayed set says; the reverse of `heldUntilMs`. Exact while told waits are shorter than half a year. */
export function holdOfScore(score: number, nowMs: number): Hold {
  const untilMs = Math.floor(score / SCORES_PER_MS);
  const holdsChat = untilMs - nowMs > 1.5 * YEAR_MS;
  return { notBeforeMs: untilMs - (holdsChat ? 2 : 1) * YEAR_MS, holdsChat };
}
