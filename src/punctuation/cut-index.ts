/** A sentence's end inside a text: what follows starts no lower-case word, so most abbreviations are passed over. */
const SENTENCE_END = /[.!?…؟۔।։]["»”’')\]]*(?=\s+(?!\p{Ll}))|[。！？]/gu;

/**
 * Where to cut a text (which starts with no space) so that the first piece has at most `limit` UTF-16 units: behind the
 * last sentence that fits (if that fills half of the limit), else before the last word that does not fit, else inside a
 * word, but never inside a character as people see it (a surrogate pair, a combining sequence, an emoji of several
 * parts; UAX #29), unless that one is longer than the limit itself. Between 1 and the text's length; `limit` >= 2.
 */
export function cutIndex(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  const head = text.slice(0, limit + 8);
  let sentence = 0;
  for (const { index, 0: mark } of head.matchAll(SENTENCE_END)) {
    if (index + mark.length <= limit) sentence = index + mark.length;
  }
  if (sentence >= limit / 2) return sentence;
  for (let i = limit; i > 0; i -= 1) {
    // A combining mark behind a space belongs to it.
    if (/\s/.test(text.charAt(i)) && !/^[\p{M}\u200d]/u.test(text.slice(i + 1, i + 3))) return i;
  }
  return characterStart(text, limit);
}

function characterStart(text: string, limit: number): number {
  const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text.slice(0, limit + 2));
  const start = characters.containing(limit)?.index ?? 0;
  if (start > 0) return start;
  return /[\udc00-\udfff]/.test(text.charAt(limit)) && /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
