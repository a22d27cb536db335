/** No word comes twice, and no piece of one either, so that a puppet model can say any beginning of it. */
const WORDS = (
  'yesterday morning my brother called from Berlin because his old car would not start and he wanted someone who knows about ' +
  'engines so we went there together after lunch with tools cables water two sandwiches some coffee it was raining hard every ' +
  'road looked like river but finally near an empty station under bridge red lamp showed us where that poor machine stood ' +
  'waiting quiet cold while big trucks kept passing very fast toward south'
).split(' ');

/** This many words of running text. */
export function puppetSentence(words: number): string {
  if (words > WORDS.length) throw new RangeError(`there are only ${WORDS.length} words`);
  return WORDS.slice(0, Math.max(1, words)).join(' ');
}

/** The words of a text, however it is written. */
export function plainWords(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}
