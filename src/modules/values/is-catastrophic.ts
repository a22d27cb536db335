import { Script } from 'node:vm';

/** So long that what grows with the fourth power, or faster, does not end in time; the third power of it does. */
const TEXT_LENGTH = 200;
const TIME_MS = 100;
const MAX_PARTS = 8;
/** What classes such as \w, \d, \s, \W and \p{Lu} take. */
const COMMON = ['a', 'A', '0', ' ', 'я', '-', '!'];

const tries = new Script('for (const text of texts) pattern.test(text)');

/**
 * Whether a regular expression can hold its thread for hours: it is tried, for a moment, on texts that are made for it to fail late.
 * That finds slips, not malice: what somebody else wrote belongs into a confined process all the same. Analysis by form (star
 * height) refuses `(\d{1,3}\.){3}` and lets `(a|aa)+$` pass.
 */
export function isCatastrophic(pattern: RegExp): boolean {
  // A machine that is busy may hold the thread up for as long, once.
  return takesTooLong(pattern) && takesTooLong(pattern);
}

function takesTooLong(pattern: RegExp): boolean {
  try {
    tries.runInNewContext({ pattern, texts: textsFor(pattern.source) }, { timeout: TIME_MS });
    return false;
  } catch (error) {
    // An error of the other realm is no `Error` of this one.
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true;
    throw error;
  }
}

/** Each piece of the pattern that stands for itself, again and again, with an end that nothing expects. */
function textsFor(source: string): string[] {
  const own = source.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s\\()[\]{}|?*+^$.]/gu) ?? [];
  const pieces = new Set([...COMMON, ...[...new Set(own)].slice(0, MAX_PARTS), own.slice(0, MAX_PARTS).join('')]);
  pieces.delete('');
  return [...pieces].map((piece) => `${piece.repeat(Math.ceil(TEXT_LENGTH / piece.length))}\u0000\n\u0000`);
}
