import type { TimedText } from './timed-text.js';

/** A word with the marks that cling to it: what stands between two spaces. */
export interface Token {
  text: string;
  /** What stands between it and the token before it; `''` only where the script has no spaces. */
  before: '' | ' ' | '\n\n';
  /** The segment that it was said in, as an index into the list that the tokens came from. */
  segment: number;
  /** A sentence ends here because a pause (or the end of the speech) says so, whatever the word looks like. */
  endsSentence?: true;
}

/** Spaces that are put between two characters on purpose (10 000, French `ça va ?`); `\s` includes them. */
const GLUE = /^[\u00a0\u202f\ufeff]$/;

/** Ideographs, kana and full-width marks: written without spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]/u;
const ENDS_UNSPACED = new RegExp(`${UNSPACED.source}$`, 'u');
const STARTS_UNSPACED = new RegExp(`^${UNSPACED.source}`, 'u');

/** One space wherever there was any space, a blank line where there was one; no space at the ends. */
export function normaliseSpaces(text: string): string {
  return text.trim().replace(/\s+/g, (run) => {
    if (GLUE.test(run)) return run;
    return (run.match(/\n/g)?.length ?? 0) > 1 ? '\n\n' : ' ';
  });
}

/** Cuts segments into tokens; `rewrite` sees each word first and may put spaces into it. */
export function tokensOf(segments: readonly TimedText[], rewrite: (word: string) => string): Token[] {
  const tokens: Token[] = [];
  segments.forEach(({ text }, segment) => {
    let before: Token['before'] = ' ';
    for (const part of normaliseSpaces(text).split(/( |\n\n)/)) {
      if (part === ' ' || part === '\n\n') {
        before = part;
        continue;
      }
      for (const word of rewrite(part).split(' ')) {
        if (word !== '') tokens.push({ text: word, before, segment });
        before = ' ';
      }
    }
  });
  return tokens;
}

/** Takes away the space at the border of two segments where the script has none. */
export function joinUnspaced(tokens: readonly Token[]): Token[] {
  return tokens.map((token, i) => {
    const previous = tokens[i - 1];
    const unspaced =
      previous !== undefined &&
      previous.segment !== token.segment &&
      ENDS_UNSPACED.test(previous.text) &&
      STARTS_UNSPACED.test(token.text);
    return unspaced ? { ...token, before: '' } : token;
  });
}

/** The tokens as running text; what stands before the first is left out. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token, i) => (i === 0 ? '' : token.before) + token.text).join('');
}

/** The segments that the tokens came from, with the tokens' text; segments without a token are left out. */
export function segmentsOf(tokens: readonly Token[], segments: readonly TimedText[]): TimedText[] {
  const bySegment = new Map<number, Token[]>();
  for (const token of tokens) {
    const own = bySegment.get(token.segment);
    if (own) own.push(token);
    else bySegment.set(token.segment, [token]);
  }
  return [...bySegment].flatMap(([index, own]) => {
    const segment = segments[index];
    return segment ? [{ startMs: segment.startMs, endMs: segment.endMs, text: textOf(own) }] : [];
  });
}
