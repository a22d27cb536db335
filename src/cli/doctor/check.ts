/**
 * What one check found. `failed` makes the doctor's exit status 1 and has a `remedy`: what to type or do. `warning` is
 * worth knowing but stops nothing; `unknown` could not be looked at (no network).
 */
export interface Finding {
  state: 'ok' | 'failed' | 'warning' | 'unknown';
  name: string;
  found: string;
  remedy?: string;
}

/** Looks at one requirement; rejects only with the signal's reason. */
export type Check = (signal: AbortSignal) => Promise<Finding>;
