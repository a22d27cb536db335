import type { Token } from './tokens.js';

/** The typographic habits of the language, where the model's text has not followed them. */
export function applyTypography(tokens: readonly Token[], language: string | undefined): Token[] {
  if (language === 'ru') return russianDashes(russianQuotes(tokens));
  if (language === 'en') return oneKindOfQuotes(tokens);
  return [...tokens];
}

/** A lone hyphen or en dash between words is a dash: `Москва - столица`. Before a number it may be a minus or a range. */
function russianDashes(tokens: readonly Token[]): Token[] {
  return tokens.map((token, i) => {
    const next = tokens[i + 1]?.text;
    const isDash = /^(?:-|–|--)$/.test(token.text) && next !== undefined && !/^\p{N}/u.test(next);
    return isDash ? { ...token, text: '—' } : token;
  });
}

/**
 * `"слово"` becomes `«слово»` if every straight quote of the text is clearly an opening or a closing one and they take
 * turns; otherwise none is touched (inches, a quote that is never closed). Quotes inside « » stay as they are.
 */
function russianQuotes(tokens: readonly Token[]): Token[] {
  const state = { depth: 0, open: false, clear: true };
  const converted = tokens.map((token) => ({ ...token, text: quotesConverted(token.text, state) }));
  return state.clear && !state.open ? converted : [...tokens];
}

/** The word with its straight quotes as « »; `state` is carried from word to word: how deep in « », what is open. */
function quotesConverted(word: string, state: { depth: number; open: boolean; clear: boolean }): string {
  return word.replace(/[«»"]/g, (mark: string, at: number) => {
    if (mark === '«') state.depth += 1;
    if (mark === '»') state.depth = Math.max(0, state.depth - 1);
    if (mark !== '"' || state.depth > 0) return mark;
    const before = word.slice(0, at);
    const after = word.slice(at + 1);
    if (!(state.open ? canClose(before, after) : canOpen(before, after))) state.clear = false;
    state.open = !state.open;
    return state.open ? '«' : '»';
  });
}

function canOpen(before: string, after: string): boolean {
  return /^[([—–-]*$/.test(before) && /^[\p{L}\p{N}.…]/u.test(after);
}

function canClose(before: string, after: string): boolean {
  return before !== '' && /^[,.!?:;…)\]—–-]*$/.test(after);
}

/** Straight and curly marks mixed in one English text become straight; a text that keeps to one kind is left as it is. */
function oneKindOfQuotes(tokens: readonly Token[]): Token[] {
  const has = (pattern: RegExp): boolean => tokens.some(({ text }) => pattern.test(text));
  const double = has(/"/) && has(/[“”]/);
  const single = has(/'/) && has(/[‘’]/);
  if (!double && !single) return [...tokens];
  return tokens.map((token) => {
    let { text } = token;
    if (double) text = text.replace(/[“”]/g, '"');
    if (single) text = text.replace(/[‘’]/g, "'");
    return { ...token, text };
  });
}
