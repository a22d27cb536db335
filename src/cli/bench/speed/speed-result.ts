import { quantile } from '../statistics.js';
import type { Outcome } from './race.js';

/** Everything that was measured with one model and one number of threads. */
export interface SpeedResult {
  shape: string;
  threads: number;
  /** Lengths of the notes. */
  seconds: number[];
  rows: SpeedRow[];
}

export interface SpeedRow {
  name: string;
  isLimit?: true;
  isOurs?: true;
  /** One a note; undefined where it was not asked. */
  outcomes: (Outcome | undefined)[];
}

/** The time that counts; for the limit without its model load. Undefined where there is none. */
export function medianMs({ isLimit }: SpeedRow, outcome: Outcome | undefined): number | undefined {
  if (outcome?.kind !== 'done') return undefined;
  return quantile(outcome.hearings.map(({ ms, loadMs = 0 }) => (isLimit ? ms - loadMs : ms)), 0.5);
}

/** How a row's time for a note compares to the limit's. */
export function ratioToLimit({ rows }: SpeedResult, row: SpeedRow, note: number): number | undefined {
  const limit = rows.find(({ isLimit }) => isLimit);
  const [own, best] = [medianMs(row, row.outcomes[note]), limit && medianMs(limit, limit.outcomes[note])];
  return own === undefined || best === undefined ? undefined : own / best;
}
