import { closest, distance } from 'fastest-levenshtein';

/** Of `names` the one that was probably meant: one slip of the finger in a short word, two in a longer one, two letters in each other's place. */
export function nearestOf(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  if (names.length === 0 || word.length < 3) return undefined;
  const mixedUp = names.find((name) => letters(name) === letters(word) && distance(name, word) <= 2);
  if (mixedUp !== undefined) return mixedUp;
  const nearest = closest(word, [...names]);
  return distance(word, nearest) <= (word.length < 5 ? 1 : 2) ? nearest : undefined;
}

function letters(word: string): string {
  return Array.from(word).sort().join('');
}
