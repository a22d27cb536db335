import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textsFor } from '../../../src/i18n/texts.js';
import { failureText } from '../../../src/voice/reply-text/failure-text.js';
import { isOwnText } from '../../../src/voice/reply-text/own-texts.js';
import { noSpeechText } from '../../../src/voice/reply-text/no-speech-text.js';
import { progressText } from '../../../src/voice/reply-text/progress-text.js';
import { sendableText } from '../../../src/voice/reply-text/sendable-text.js';
import '../../support/fixed-seed.js';

const limits = { maxFileBytes: 2_100_000_000, maxAudioMs: 5_400_000 };
const en = textsFor('en').reply;
const ru = textsFor('ru').reply;

describe('answers without a transcript', () => {
  it('say in both languages that there is no speech', () => {
    expect(noSpeechText(en)).toEqual({ text: '🔇 No speech here.', entities: [] });
    expect(noSpeechText(ru)).toEqual({ text: '🔇 Здесь нет речи.', entities: [] });
  });

  it('say why it failed, each reason in its own words', () => {
    for (const texts of [textsFor('en'), textsFor('ru')]) {
      const reasons = Object.keys(texts.failures) as (keyof typeof texts.failures)[];
      const said = reasons.map((reason) => failureText(reason, texts, limits).text);
      expect(new Set(said).size).toBe(reasons.length);
      for (const text of said) expect([sendableText(text), isOwnText(text)]).toEqual([text, true]);
    }
  });

  it('name the limit that a voice is over', () => {
    const said = (language: 'en' | 'ru', reason: 'too-large' | 'too-long') => failureText(reason, textsFor(language), limits).text;
    expect(said('en', 'too-large')).toBe('⚠️ Could not write this down: the file is larger than 2.1\u00a0GB, the limit here.');
    expect(said('en', 'too-long')).toBe('⚠️ Could not write this down: the recording is longer than 90\u00a0min, the limit here.');
    expect(said('ru', 'too-large')).toBe('⚠️ Не удалось расшифровать: файл больше, чем здесь разрешено (2,1\u00a0ГБ).');
    expect(said('ru', 'too-long')).toBe('⚠️ Не удалось расшифровать: запись длиннее, чем здесь разрешено (90\u00a0мин).');
    expect(isOwnText('⚠️ Could not write this down: the recording is longer than , the limit here.')).toBe(false);
  });
});

describe('the progress of a long transcription', () => {
  it('is a percentage, and the text so far where there is some', () => {
    expect(progressText(en, { doneMs: 42_900, totalMs: 100_000 }).text).toBe('🎙 Writing this down: 42%');
    expect(progressText(ru, { doneMs: 1, totalMs: 4, partialText: 'Привет. ' }).text).toBe('🎙 Расшифровываю: 25\u00a0%\n\nПривет.');
  });

  it('stays between 0 and 100, also when the times make no sense', () => {
    const percent = (doneMs: number, totalMs: number): string => progressText(en, { doneMs, totalMs }).text.split(' ').at(-1)!;
    expect([percent(5, 0), percent(0, 0), percent(-5, 10), percent(20, 10), percent(NaN, 10), percent(10, 10)]).toEqual(['0%', '0%', '0%', '100%', '0%', '100%']);
  });

  it('shows the end of a text that does not fit, from the start of a word', () => {
    const { text } = progressText(en, { doneMs: 1, totalMs: 2, partialText: `начало ${'слово '.repeat(1000)}конец` });
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text.length).toBeGreaterThan(4080);
    expect(text).toMatch(/^🎙 Writing this down: 50%\n\n…слово /);
    expect(text.endsWith('слово конец')).toBe(true);
  });

  it('never exceeds a message or cuts a character in two', () => {
    const unit = fc.constantFrom('👩‍👩‍👧‍👦', '你', 'e\u0301', 'слово ');
    fc.assert(
      fc.property(unit, fc.integer({ min: 350, max: 5000 }), (piece, count) => {
        const { text, entities } = progressText(ru, { doneMs: 1, totalMs: 2, partialText: piece.repeat(count) });
        expect(text.length).toBeLessThanOrEqual(4096);
        expect(entities).toEqual([]);
        expect(sendableText(text)).toBe(text);
        const shown = text.split('\n\n')[1]!.replace('…', '');
        expect(`${shown} `.replaceAll(piece, '').trim()).toBe('');
      }),
    );
  });
});
