import { distance } from 'fastest-levenshtein';
import type { FormattedText } from '../telegram/formatted-text.js';
import type { OwnReply } from '../telegram/telegram-gateway.js';
import { isOwnText } from './reply-text/own-texts.js';

/** Below this, two texts that differ may well be two people's. */
const MIN_ALIKE_LENGTH = 24;
const MIN_ALIKE_SHARE = 0.8;
/** Comparing takes time in proportion to both lengths. */
const COMPARED_LENGTH = 1000;

/**
 * Which of the account's answers to a voice were sent by this program: part → message id. Pure. The owner answers voices,
 * too, from the same account, and their words must never be taken for ours and edited away. Ours is, first rule first:
 *
 * 1. what has the very text of a part;
 * 2. what starts with the numbering of a part, `(2/3)` on a line of its own;
 * 3. a progress text, "no speech" or a failure, in any language of the program (part 1);
 * 4. a text that is one collapsed quote as a whole, as long transcripts are (part 1);
 * 5. a text that is nearly that of a part, not a short one: the voice was heard again, by another model.
 *
 * Anything else is the owner's. `parts` are the texts that are to stand there, as far as they are known; each part and each
 * message is taken once, the older message first.
 */
export function recognizeReplies(
  replies: readonly OwnReply[],
  parts: ReadonlyMap<number, FormattedText>,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const left = new Set(replies);
  const take = (part: number | undefined, reply: OwnReply): void => {
    if (part === undefined || found.has(part)) return;
    found.set(part, reply.messageId);
    left.delete(reply);
  };
  const partLike = (isLike: (wanted: string) => boolean): number | undefined =>
    [...parts].find(([part, { text }]) => !found.has(part) && isLike(text.trim()))?.[0];

  for (const reply of [...left]) take(partLike((wanted) => wanted === reply.text.trim()), reply);
  for (const reply of [...left]) take(numberOf(reply.text), reply);
  for (const reply of [...left]) if (isOwnText(reply.text) || reply.collapsed) take(1, reply);
  for (const reply of [...left]) take(partLike((wanted) => areAlike(wanted, reply.text.trim())), reply);
  return found;
}

/** Of `(2/3)` on the first line: 2. */
function numberOf(text: string): number | undefined {
  const [, part, count] = /^\((\d{1,3})\/(\d{1,3})\)\n/.exec(text) ?? [];
  return part !== undefined && Number(part) >= 1 && Number(part) <= Number(count) ? Number(part) : undefined;
}

function areAlike(one: string, other: string): boolean {
  const [first, second] = [comparable(one), comparable(other)];
  const longest = Math.max(first.length, second.length);
  if (Math.min(first.length, second.length) < MIN_ALIKE_LENGTH) return false;
  return 1 - distance(first, second) / longest >= MIN_ALIKE_SHARE;
}

/** Letters and digits only: punctuation and case are ours to change. */
function comparable(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim().slice(0, COMPARED_LENGTH);
}
