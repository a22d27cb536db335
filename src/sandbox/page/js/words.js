/** The words of a text, without case, punctuation and the dots of ё. */
export function wordsOf(text) {
  return text.toLowerCase().replaceAll('ё', 'е').match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** How many words of the reference the text has, in order (their longest common subsequence). */
export function wordsRight(reference, text) {
  const said = wordsOf(reference);
  const heard = wordsOf(text);
  let row = new Array(heard.length + 1).fill(0);
  for (const word of said) {
    const next = [0];
    heard.forEach((other, index) => next.push(word === other ? row[index] + 1 : Math.max(row[index + 1], next[index])));
    row = next;
  }
  return { right: row[heard.length], all: said.length, heard: heard.length };
}
