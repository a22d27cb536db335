import { split } from 'shlex';

/** One word of a line, quotes taken off. */
export interface Word {
  value: string;
  /** Where it stands in the line, quotes included. */
  start: number;
  end: number;
  /** It begins with a quote, so it is text, whatever it looks like. */
  quoted: boolean;
}

export type NextWord = { kind: 'word'; word: Word } | { kind: 'end' } | { kind: 'unclosed'; at: number };

const TYPOGRAPHIC: Readonly<Record<string, string>> = { '«': '»', '„': '“”"', '“': '”"', '”': '”"' };

/**
 * The next word at or after `from`, read as a shell does: '…' as it stands, "…" with \" and \\, a backslash before
 * anything. Nothing is expanded and nothing is an operator or a comment. Unlike in a shell an apostrophe between two letters is one
 * (`d'Artagnan`), and quotes that phones put in («…», “…”, „…“) hold a whole word, or the value of a `--flag=`.
 */
export function nextWord(line: string, from: number): NextWord {
  let at = from;
  while (isSpace(line, at)) at += 1;
  if (at >= line.length) return { kind: 'end' };
  const start = at;
  let value = '';
  while (at < line.length && !isSpace(line, at)) {
    const piece = pieceAt(line, start, at);
    if (piece === undefined) return { kind: 'unclosed', at };
    value += piece.value;
    at = piece.end;
  }
  return { kind: 'word', word: { value, start, end: at, quoted: isQuote(line, start) || line.charAt(start) in TYPOGRAPHIC } };
}

interface Piece {
  value: string;
  end: number;
}

/** A quoted part, or what stands before the next one; undefined where the quote is never closed. */
function pieceAt(line: string, start: number, at: number): Piece | undefined {
  const closing = at === start || /^--[a-z-]+=$/.test(line.slice(start, at)) ? TYPOGRAPHIC[line.charAt(at)] : undefined;
  if (closing !== undefined) return typographic(line, at, closing);
  if (isApostrophe(line, at)) return { value: "'", end: at + 1 };
  if (isQuote(line, at)) return quoted(line, at);
  return plain(line, at);
}

function typographic(line: string, at: number, closing: string): Piece | undefined {
  for (let end = at + 1; end < line.length; end += 1) {
    if (!closing.includes(line.charAt(end))) continue;
    if (end + 1 === line.length || isSpace(line, end + 1)) return { value: line.slice(at + 1, end), end: end + 1 };
  }
  return undefined;
}

/** The library says whether a piece is whole, and what it means; it is asked at each quote that could close it, which one behind a backslash does not. */
function quoted(line: string, at: number): Piece | undefined {
  const quote = line.charAt(at);
  for (let end = line.indexOf(quote, at + 1); end > 0; end = line.indexOf(quote, end + 1)) {
    if (quote === '"' && isEscaped(line, end)) continue;
    const value = unquoted(line.slice(at, end + 1));
    if (value !== undefined) return { value, end: end + 1 };
  }
  return undefined;
}

function plain(line: string, at: number): Piece {
  let end = at;
  while (end < line.length && (end === at || !isQuote(line, end)) && !isSpace(line, end)) {
    // What follows a backslash belongs to it.
    end += line.charAt(end) === '\\' ? 2 : 1;
    if (line.charAt(end - 1) === '=' && line.charAt(end) in TYPOGRAPHIC) break;
  }
  const piece = line.slice(at, end);
  return { value: unquoted(piece) ?? piece, end: Math.min(end, line.length) };
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(line: string, at: number): boolean {
  let from = at;
  while (line.charAt(from - 1) === '\\') from -= 1;
  return (at - from) % 2 === 1;
}

function unquoted(piece: string): string | undefined {
  try {
    return split(piece).join('');
  } catch {
    // The library throws plain errors, and only for what is not closed.
    return undefined;
  }
}

function isQuote(line: string, at: number): boolean {
  return line.charAt(at) === '"' || line.charAt(at) === "'";
}

function isApostrophe(line: string, at: number): boolean {
  return line.charAt(at) === "'" && /\p{L}$/u.test(line.slice(Math.max(0, at - 2), at)) && /^\p{L}/u.test(line.slice(at + 1, at + 3));
}

function isSpace(line: string, at: number): boolean {
  return at < line.length && /\s/.test(line.charAt(at));
}
