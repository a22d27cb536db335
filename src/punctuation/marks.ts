/** What may stand after a sentence's mark and still belong to the sentence. */
const CLOSERS = '»”“"’‘\')]';

/** Marks that end a sentence, in the scripts that Whisper writes. */
const SENTENCE_MARK = /[.!?…。！？．؟۔।։]$/u;

/** Marks that a model writes only if it punctuates at all; full-width ones stand inside tokens, having no spaces. */
const ANY_MARK = /[.!?…,;:؟۔।։،؛]$|[。！？，、；：．]/u;

/** A token that is nothing but marks which belong to the word before. */
const ONLY_MARKS = /^(?:[,.!?:;…]+[»”“"’‘']?|[。！？，、；：．؟،؛۔।։]+[,.!?:;…]*)$/u;

export function withoutClosers(token: string): string {
  let end = token.length;
  while (end > 0 && CLOSERS.includes(token.charAt(end - 1))) end -= 1;
  return token.slice(0, end);
}

export function hasSentenceMark(token: string): boolean {
  return SENTENCE_MARK.test(withoutClosers(token));
}

export function hasAnyMark(token: string): boolean {
  return ANY_MARK.test(withoutClosers(token));
}

export function isOnlyMarks(token: string): boolean {
  return ONLY_MARKS.test(token);
}

/** Addresses, paths, tags and the like: their dots and colons are not punctuation. */
export function isLiteral(token: string): boolean {
  return /[@/\\_#=<>|{}*&+~]|^www\.|[\p{L}\p{N}-]{2}\.\p{L}{2,}/iu.test(token);
}

/**
 * The full stop of the script that the words are written in; undefined where none is known or the script ends its
 * sentences without one (Thai, Lao, Khmer …).
 */
export function fullStopFor(letter: string | undefined, language: string | undefined): string | undefined {
  if (letter === undefined) return '.';
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(letter)) return '。';
  if (/[\p{Script=Devanagari}\p{Script=Bengali}]/u.test(letter)) return '।';
  if (/\p{Script=Arabic}/u.test(letter)) return language === 'ur' ? '۔' : '.';
  if (/\p{Script=Armenian}/u.test(letter)) return '։';
  const dotted = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Georgian}\p{Script=Hangul}]/u;
  return dotted.test(letter) ? '.' : undefined;
}
