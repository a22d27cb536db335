import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import type { OwnReply } from '../../src/telegram/telegram-gateway.js';
import { progressText } from '../../src/voice/reply-text/progress-text.js';
import { replyParts } from '../../src/voice/reply-text/reply-parts.js';
import { recognizeReplies } from '../../src/voice/recognize-replies.js';
import '../support/fixed-seed.js';

const SPOKEN = 'Hello, I will be there at seven, and I bring the cake with me.';

function standing(...texts: (string | Partial<OwnReply>)[]): OwnReply[] {
  return texts.map((given, index) => {
    const reply = typeof given === 'string' ? { text: given } : given;
    return { messageId: 100 + index, text: '', collapsed: false, ...reply };
  });
}

function partsOf(text: string): ReadonlyMap<number, { text: string; entities: [] }> {
  const parts = replyParts(text, { quoteAboveLength: 300 });
  return new Map(parts.map((part, index) => [index + 1, { text: part.text, entities: [] }]));
}

function recognized(replies: readonly OwnReply[], text?: string): [number, number][] {
  return [...recognizeReplies(replies, text === undefined ? new Map() : partsOf(text))];
}

test('the very text is ours, wherever it stands among the words of the owner', () => {
  expect(recognized(standing('See you then!', SPOKEN, 'Bring wine, too'), SPOKEN)).toEqual([[1, 101]]);
});

test.each(['en', 'ru'] as const)('progress, "no speech" and failures are ours without knowing the text (%s)', (language) => {
  const { reply, failures } = textsFor(language);
  const progress = progressText(reply, { doneMs: 37, totalMs: 100, partialText: 'so far' }).text;
  for (const text of [progress, reply.noSpeech, ...Object.values(failures)]) expect(recognized(standing(text))).toEqual([[1, 100]]);
});

test('numbered parts are ours by their number, in whatever order they are seen', () => {
  const long = `${SPOKEN} `.repeat(150).trim();
  const parts = replyParts(long, { quoteAboveLength: Infinity }).map(({ text }) => text);
  expect(parts.length).toBe(3);
  expect(recognized(standing(parts[2] ?? '', 'ok', parts[0] ?? ''), long).sort()).toEqual([[1, 102], [3, 100]]);
  expect(recognized(standing(parts[1] ?? ''))).toEqual([[2, 100]]);
});

test('a text that is one collapsed quote is ours: nobody types that', () => {
  expect(recognized(standing({ text: 'whatever an other model heard', collapsed: true }))).toEqual([[1, 100]]);
});

test('nearly the same words are ours where they are many, and the owner’s where they are few', () => {
  expect(recognized(standing('hello i will be there at eleven and i bring the cake with me'), SPOKEN)).toEqual([[1, 100]]);
  expect(recognized(standing('Yes'), 'Yes.')).toEqual([]);
});

test('what the owner answers by hand is never taken', () => {
  const byHand = ['Ok', 'Hello, I will be late', 'there at seven?', '(1/2) of the way', '🎙 Writing this down: later', '⚠️ careful', 'Спасибо!'];
  for (const text of byHand) expect(recognized(standing(text), SPOKEN)).toEqual([]);
});

test('words drawn at random are never taken for the text, and no message or part is taken twice', () => {
  const word = fc.constantFrom('meet', 'me', 'later', 'cake', 'seven', 'no', 'thanks', 'why', 'позже', 'хорошо', 'I', 'will');
  const sentence = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 6 }), fc.nat(6), (byHand, position) => {
      const texts = [...byHand.slice(0, position), SPOKEN, ...byHand.slice(position), SPOKEN];
      const found = recognized(standing(...texts), SPOKEN);
      expect(found).toEqual([[1, 100 + Math.min(position, byHand.length)]]);
    }),
  );
});
