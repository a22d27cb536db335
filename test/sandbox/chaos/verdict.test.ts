import { expect, test } from 'vitest';
import { textsFor } from '../../../src/i18n/texts.js';
import { judge } from '../../../src/sandbox/chaos/verdict.js';

const said = { kind: 'text' as const, words: 'one two three four' };

test.each([
  ['its words, whatever their marks and case', ['One. Two, three four!'], 'once'],
  ['a word misheard in four', ['One two three for'], 'once'],
  ['no answer', [], 'lost'],
  ['the same answer again', ['One two three four', 'One two three four'], 'twice'],
  ['an answer beside a progress that was left standing', ['⏳ 50 %', 'One two three four'], 'twice'],
  ['a progress that was left standing, with the text so far', [`${textsFor('en').reply.progress(90)}\n\nOne two three four`], 'wrong'],
  ['other words', ['Something went wrong inside.'], 'wrong'],
  ['two parts that belong together', ['(1/2)\nOne two', '(2/2)\nthree four'], 'once'],
  ['the parts in another order', ['(2/2)\nthree four', '(1/2)\nOne two'], 'once'],
  ['a part that is missing', ['(2/2)\nthree four'], 'wrong'],
  ['a part that stands twice', ['(1/2)\nOne two', '(2/2)\nthree four', '(2/2)\nthree four'], 'twice'],
] as const)('%s', (_, answers, verdict) => {
  expect(judge(said, answers)).toBe(verdict);
});

test('nobody asked for an answer: none is right, one is wrong', () => {
  expect(judge({ kind: 'nothing' }, [])).toBe('excused');
  expect(judge({ kind: 'nothing' }, ['One'])).toBe('wrong');
});

test('a voice that was deleted may be answered or not, but not twice', () => {
  expect(judge({ kind: 'either' }, [])).toBe('excused');
  expect(judge({ kind: 'either' }, ['Gone.'])).toBe('excused');
  expect(judge({ kind: 'either' }, ['Gone.', 'One two three four'])).toBe('twice');
});
