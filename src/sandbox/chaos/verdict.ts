import { textsFor } from '../../i18n/texts.js';

/** What is to come of a voice: its words; nothing, for nobody asked; or either, because it was deleted meanwhile. */
export type Expected = { kind: 'text'; words: string } | { kind: 'nothing' } | { kind: 'either' };

/** How a voice ended. `wrong`: answered once, but not with what is said in it. */
export type Verdict = 'once' | 'lost' | 'twice' | 'wrong' | 'excused';

/** The progress message starts so, up to its number; the text so far follows, which may be most of the text. */
const PROGRESS = textsFor('en').reply.progress(0).replace(/0.*/s, '');
const PART = /^\((\d+)\/(\d+)\)\n/;
/** The small model mishears a word now and then, above all in long recordings. */
const ENOUGH_ALIKE = 0.7;

/** @param answers the texts of all messages that stand as answers to the voice, oldest first. */
export function judge(expected: Expected, answers: readonly string[]): Verdict {
  const sets = wholes(answers);
  if (sets.length > 1) return 'twice';
  const [text] = sets;
  if (expected.kind === 'either') return 'excused';
  if (expected.kind === 'nothing') return text === undefined ? 'excused' : 'wrong';
  if (text === undefined) return 'lost';
  if (text.startsWith(PROGRESS)) return 'wrong';
  return alikeness(text, expected.words) >= ENOUGH_ALIKE ? 'once' : 'wrong';
}

/** The answers that these messages are: parts of one long answer make one. */
function wholes(answers: readonly string[]): string[] {
  const sets: { count: number; parts: Map<number, string> }[] = [];
  for (const answer of answers) {
    const [header = '', number = '1', count = '1'] = PART.exec(answer) ?? [];
    const part = Number(number);
    const set = sets.find((each) => each.count === Number(count) && !each.parts.has(part));
    const text = answer.slice(header.length);
    if (set) set.parts.set(part, text);
    else sets.push({ count: Number(count), parts: new Map([[part, text]]) });
  }
  // Where a part is missing, what there is falls short of the words that were said, and is told by that.
  return sets.map(({ parts }) => [...parts].sort(([one], [other]) => one - other).map(([, text]) => text).join(' '));
}

/** 0…1: which share of the words of either is in the other, whichever is less. */
function alikeness(one: string, other: string): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)];
  const left = new Map<string, number>();
  for (const word of theirs) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of ours) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared += 1;
  }
  return shared / Math.max(ours.length, theirs.length, 1);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
