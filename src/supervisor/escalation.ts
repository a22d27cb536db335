/** Connects that failed one after the other although the other side could be reached. */
export interface Failing {
  connects: number;
  forMs: number;
}

/** What to do next: connect again, or with everything but the session made anew, or leave for a new process. */
export type Rung = 'reconnect' | 'rebuild' | 'leave';

/** A third failure in a row is no accident. */
const REBUILD_FROM = 2;

/** The ladder. Pure: the longer it fails with the network being there, the more of the own state is given up. */
export function escalation({ connects, forMs }: Failing, leaveAfterMs: number): Rung {
  if (connects >= REBUILD_FROM && forMs >= leaveAfterMs) return 'leave';
  return connects >= REBUILD_FROM ? 'rebuild' : 'reconnect';
}
