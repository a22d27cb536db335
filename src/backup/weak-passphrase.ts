const MIN_LENGTH = 14;
const MIN_DIFFERENT = 8;
/** What guessers try first, and its relatives. */
const GUESSED = /gramscribe|telegram|passw|парол|qwert|йцукен|12345|abcde|letmein|iloveyou|admin/i;

/**
 * Whether somebody who has the file would guess it: too short, too few different characters, one piece again and again, or
 * with a piece in it that everybody uses.
 */
export function isWeakPassphrase(passphrase: string): boolean {
  const letters = Array.from(passphrase.normalize('NFKC'));
  if (letters.length < MIN_LENGTH || new Set(letters).size < MIN_DIFFERENT) return true;
  return /^(.{1,8})\1+$/su.test(passphrase) || GUESSED.test(passphrase) || /^\d+$/.test(passphrase);
}
