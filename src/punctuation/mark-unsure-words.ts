import { wordPlaces, type SpokenWord, type WordPlace } from './word-places.js';

/**
 * The text with words that the engine was not sure of in brackets with a question mark, as typists mark what they could
 * not make out: `Meet me at [Gamayun?] at seven`. Several in a row share one pair. That is text, so it survives being copied and
 * quoted. Left as it is where the words cannot be found in it, or `below` is 0. Pure.
 */
export function markUnsureWords(text: string, words: readonly SpokenWord[], below: number): string {
  const places = below > 0 ? (wordPlaces(text, words) ?? []) : [];
  let marked = '';
  let at = 0;
  for (const { from, to } of runsOf(places, text, below)) {
    marked += `${text.slice(at, from)}[${text.slice(from, to)}?]`;
    at = to;
  }
  return marked + text.slice(at);
}

/** Unsure words with nothing but one space between them are one run. */
function runsOf(places: readonly WordPlace[], text: string, below: number): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (const { word, from, to } of places) {
    if (word.probability === undefined || word.probability >= below) continue;
    const last = runs.at(-1);
    if (last !== undefined && /^ ?$/.test(text.slice(last.to, from))) last.to = to;
    else runs.push({ from, to });
  }
  return runs;
}
