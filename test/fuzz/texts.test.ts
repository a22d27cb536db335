import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import { punctuate } from '../../src/punctuation/punctuate.js';
import { cleanSegments } from '../../src/speech/clean-segments.js';
import { doubtAbout } from '../../src/speech/doubtful-text.js';
import { parseServerAnswer } from '../../src/speech/server-answer.js';
import { messageEntities } from '../../src/telegram/send-text.js';
import { progressText } from '../../src/voice/reply-text/progress-text.js';
import { MAX_MESSAGE_UNITS, replyParts } from '../../src/voice/reply-text/reply-parts.js';
import { sendableText } from '../../src/voice/reply-text/sendable-text.js';
import { anyText, forEvery, tried } from '../support/hostile-inputs.js';

/** Texts of the kind that an engine may give, short and long. */
const said = fc.oneof(
  anyText,
  fc.array(anyText, { maxLength: 20 }).map((parts) => parts.join('. ')),
  fc.tuple(anyText, fc.integer({ min: 1, max: 300 })).map(([text, times]) => text.repeat(times).slice(0, 20_000)),
);

function expectSendable(text: string): void {
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE_UNITS);
  // What Telegram would trim or change would move the entities.
  expect(text.trim()).toBe(text);
  expect(text).not.toMatch(/[\r\u2028-\u202e]|(?!\n)\p{Cc}/u);
}

test('any text becomes parts that Telegram takes as they are, with entities inside of them', async (ctx) => {
  await forEvery(ctx, fc.tuple(said, fc.constantFrom(0, 1, 300, 4096)), 500, ([text, quoteAboveLength]) => {
    const parts = replyParts(text, { quoteAboveLength });
    expect(replyParts(text, { quoteAboveLength })).toEqual(parts);
    for (const part of parts) {
      expectSendable(part.text);
      for (const { offset, length } of part.entities) {
        expect(offset >= 0 && length > 0 && offset + length <= part.text.length).toBe(true);
      }
      expect(messageEntities(part)).toHaveLength(part.entities.length);
    }
    if (parts.length === 0) expect(sendableText(text)).toBe('');
  });
});

test('marks without end on one letter are cut and do not hang', (ctx) => {
  for (const mark of ['\u0351', '\u200d', '\ufe0f', '\u{1f3fb}', '\u064b', '\u0e34', '\u{e0061}']) {
    for (const count of [100, 5000, 60_000]) {
      tried(ctx);
      const text = `слово z${mark.repeat(count)} конец.`;
      for (const part of replyParts(text, { quoteAboveLength: 300 })) expectSendable(part.text);
      expect(progressText(textsFor('ru').reply, { doneMs: 1, totalMs: 2, partialText: text }).text.length).toBeLessThanOrEqual(MAX_MESSAGE_UNITS);
    }
  }
});

test('progress of any numbers and texts is a message with a percentage', async (ctx) => {
  const ms = fc.oneof(fc.double(), fc.constantFrom(0, -1, NaN, Infinity, 1e308));
  await forEvery(ctx, fc.tuple(ms, ms, said), 300, ([doneMs, totalMs, partialText]) => {
    const { text } = progressText(textsFor('en').reply, { doneMs, totalMs, partialText });
    expect(text.length).toBeLessThanOrEqual(MAX_MESSAGE_UNITS);
    expect(Number(/(\d+) ?%/.exec(text)?.[1])).toBeLessThanOrEqual(100);
  });
});

test('patterns never run away: long rows of what each of them looks for are done with in one pass', (ctx) => {
  const rows = ['[', '(', '*', '♪', '.', '. ', '…', '"', '«', "'", '-', ' ', '\n', '1.', '1:', 'a.', 'А.', 'http://', '@', '?', '!?', 'м ', 'да ', '\u00a0', '🙂'];
  for (const row of rows) {
    tried(ctx);
    const text = `слово ${row.repeat(Math.floor(8000 / row.length))} x`;
    const segment = { startMs: 0, endMs: 1000, text, words: [] };
    expect(cleanSegments([segment]).length).toBeLessThanOrEqual(1);
    doubtAbout([segment]);
    expect(typeof punctuate([segment], 'ru').text).toBe('string');
    replyParts(text, { quoteAboveLength: 300 });
  }
});

const number = fc.oneof(fc.double(), fc.constantFrom(-1, 0, 1e308, 5e-324, 2 ** 53));
const token = fc.record({ word: anyText, start: number, end: number, probability: fc.option(number) });
const segment = fc.record({ text: anyText, start: number, end: number, words: fc.option(fc.array(token, { maxLength: 4 })) });
const answer = fc.record({ language: fc.oneof(anyText, fc.constantFrom('russian', '__proto__', 'constructor')), segments: fc.array(segment, { maxLength: 4 }) });

test('whatever the engine answers is text within the sound or an error of the engine', async (ctx) => {
  const anything = fc.oneof(answer.map((value) => JSON.stringify(value)), fc.json(), anyText, answer.map((value) => JSON.stringify(value).slice(0, -20)));
  await forEvery(ctx, fc.tuple(anything, fc.integer({ min: 0, max: 30_000 })), 600, ([json, durationMs]) => {
    let result;
    try {
      result = parseServerAnswer(json, durationMs);
    } catch (error) {
      expect(error).toBeInstanceOf(PermanentError);
      expect((error as PermanentError).reason).toBe('engine');
      return;
    }
    expect(typeof result.language).toBe('string');
    for (const { startMs, endMs, text, words } of cleanSegments(result.segments)) {
      expect(startMs >= 0 && startMs <= endMs && endMs <= durationMs).toBe(true);
      expect(text).not.toBe('');
      expect(words.every((word) => word.startMs <= word.endMs && word.endMs <= durationMs)).toBe(true);
    }
    const { text } = punctuate(result.segments, result.language);
    for (const part of replyParts(text, { quoteAboveLength: 300 })) expectSendable(part.text);
  });
});
