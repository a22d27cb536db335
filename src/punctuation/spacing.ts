import { isLiteral, isOnlyMarks } from './marks.js';
import type { Token } from './tokens.js';

const LETTER = '[\\p{Script=Latin}\\p{Script=Cyrillic}]';

/** `слово,слово`, `да!Нет`, `ну...вот`: a letter right behind the mark. Numbers, times and ratios have a digit there. */
const CROWDED = new RegExp(
  `(?<=[\\p{L}\\p{M}»”“"’‘')\\]%])((?:[,;]|[!?]+|…|\\.{3})[»”“"]?)(?=${LETTER})|^([,;])(?=${LETTER})`,
  'gu',
);

/** `слово.Слово` and `сказал:привет` only in Cyrillic: in Latin script it may be a name (Node.JS, std::map, re:Invent). */
const CROWDED_CYRILLIC =
  /(?<=\p{Script=Cyrillic}{2})(\.)(?=\p{Script=Cyrillic}(?<=\p{Lu}))|(?<=\p{Script=Cyrillic}{2})(:)(?=\p{Script=Cyrillic})/gu;

/** Puts the missing space after a mark in the middle of a token; addresses and the like stay whole. */
export function spaceAfterMarks(token: string): string {
  if (isLiteral(token.replace(CROWDED_CYRILLIC, '$1$2 '))) return token;
  return token.replace(CROWDED, '$1$2 ').replace(CROWDED_CYRILLIC, '$1$2 ');
}

/**
 * Takes away the space before marks: a token of nothing but marks joins the one before it, also over the border of two
 * segments. A mark with nothing before it, or one that the word before already has, goes.
 */
export function attachMarks(tokens: readonly Token[], language: string | undefined): Token[] {
  const attached: Token[] = [];
  for (const token of tokens) {
    const previous = attached.at(-1);
    if (!belongsToWordBefore(token.text, language)) attached.push(token);
    else if (previous === undefined) {
      if (/^(?:\.{3}|…)/.test(token.text)) attached.push(token);
    } else if (!repeatsMark(previous.text, token.text)) {
      attached[attached.length - 1] = { ...previous, text: previous.text + token.text };
    }
  }
  // A blank line is known only inside a segment; where marks have left the segment's front it is gone.
  return attached.map((token, i) =>
    token.before === '\n\n' && attached[i - 1]?.segment !== token.segment ? { ...token, before: ' ' } : token,
  );
}

function belongsToWordBefore(text: string, language: string | undefined): boolean {
  if (!isOnlyMarks(text)) return false;
  // French has a space before the double marks.
  return language !== 'fr' || !/^[!?:;]/.test(text);
}

function repeatsMark(word: string, marks: string): boolean {
  return marks.length === 1 && word.endsWith(marks);
}
