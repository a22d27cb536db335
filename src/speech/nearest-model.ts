import { closest, distance } from 'fastest-levenshtein';

const MOST_EDITS = 3;

/** The name that was probably meant; undefined where none is near. */
export function nearestModel(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.min(MOST_EDITS, nearest.length / 2) ? nearest : undefined;
}
