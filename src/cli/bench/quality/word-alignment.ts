export interface WordAlignment {
  /** Words to insert, leave out or replace to get from one text to the other (Levenshtein). */
  errors: number;
  /** Which word of the one is the same word of the other: pairs of their numbers, in order. */
  same: readonly (readonly [wanted: number, got: number])[];
}

/** The words alone: no case, no marks. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** How two rows of words fit together with the fewest errors. */
export function alignWords(wanted: readonly string[], got: readonly string[]): WordAlignment {
  const width = got.length + 1;
  const cost = new Uint16Array((wanted.length + 1) * width);
  const at = (row: number, column: number): number => cost[row * width + column] ?? Infinity;
  for (let row = 0; row <= wanted.length; row += 1) {
    for (let column = 0; column <= got.length; column += 1) {
      const replaced = row > 0 && column > 0 ? at(row - 1, column - 1) + (wanted[row - 1] === got[column - 1] ? 0 : 1) : Infinity;
      const added = column > 0 ? at(row, column - 1) + 1 : Infinity;
      const missed = row > 0 ? at(row - 1, column) + 1 : Infinity;
      cost[row * width + column] = row + column === 0 ? 0 : Math.min(replaced, added, missed);
    }
  }
  const same: [number, number][] = [];
  for (let [row, column] = [wanted.length, got.length]; row > 0 && column > 0; ) {
    const here = at(row, column);
    if (wanted[row - 1] === got[column - 1] && here === at(row - 1, column - 1)) same.push([--row, --column]);
    else if (here === at(row - 1, column - 1) + 1) [row, column] = [row - 1, column - 1];
    else if (here === at(row - 1, column) + 1) row -= 1;
    else column -= 1;
  }
  return { errors: at(wanted.length, got.length), same: same.reverse() };
}

export function wordErrors(wanted: string, got: string): number {
  return alignWords(wordsOf(wanted), wordsOf(got)).errors;
}
