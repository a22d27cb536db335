import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markUnsureWords } from '../../src/punctuation/mark-unsure-words.js';
import { punctuate } from '../../src/punctuation/punctuate.js';
import { toSrt, toVtt, toWordLines, toWordSrt } from '../../src/punctuation/subtitles.js';
import { withWords, type WordedText } from '../../src/punctuation/timed-words.js';
import { wordPlaces, type SpokenWord } from '../../src/punctuation/word-places.js';
import '../support/fixed-seed.js';

/** Words of 300 ms each, one every 400 ms; a number behind a slash is the probability. */
function spoken(text: string, fromMs = 0): SpokenWord[] {
  return text.split(' ').map((given, n) => {
    const [word = '', probability] = given.split('/');
    return { text: word, startMs: fromMs + n * 400, endMs: fromMs + n * 400 + 300, probability: Number(probability ?? 0.9) };
  });
}

function punctuatedWith(segments: readonly SpokenWord[][], language: string): { text: string; words: SpokenWord[]; worded: WordedText[] } {
  const timed = segments.map((words) => ({ startMs: words[0]!.startMs, endMs: words.at(-1)!.endMs, text: words.map(({ text }) => text).join(' ') }));
  const words = segments.flat();
  const { text, segments: punctuated } = punctuate(timed, language);
  return { text, words, worded: withWords(punctuated, words) };
}

describe('words that the model was not sure of', () => {
  it.each([
    ['встретимся у гамаюна/0.2 в семь', 'Встретимся у [гамаюна?] в семь.'],
    ['гамаюн/0.1 приехал', '[Гамаюн?] приехал.'],
    ['он сказал кубер/0.1 нетес/0.2 готов', 'Он сказал [кубер нетес?] готов.'],
    ['да/0.1 , нет/0.1', '[Да?], [нет?].'],
    ['всё ясно', 'Всё ясно.'],
  ])('%s reads %s', (said, marked) => {
    const { text, words } = punctuatedWith([spoken(said)], 'ru');
    expect(markUnsureWords(text, words, 0.3)).toBe(marked);
    expect(markUnsureWords(text, words, 0)).toBe(text);
  });

  it('are left alone where the engine tells no probability, or other words stand in the text', () => {
    expect(markUnsureWords('Да.', [{ text: 'да', startMs: 0, endMs: 1 }], 0.5)).toBe('Да.');
    expect(markUnsureWords('Нет.', spoken('да/0.1'), 0.5)).toBe('Нет.');
    expect(markUnsureWords('Да нет.', spoken('да/0.1'), 0.5)).toBe('Да нет.');
  });
});

describe('the places of words', () => {
  it('are found in whatever punctuation makes of them', () => {
    const word = fc.constantFrom('привет', 'Мир', 'о’кей', '10', '000', '-', '...', 'i', "i'm", 'iPhone', 'да,', 'Что?', 'e-mail', '«так»', '你好', 'ß', 'T.', 'д.', '5%');
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { maxLength: 5 }), fc.constantFrom('ru', 'en', 'zh'), (segments, language) => {
        const timed = segments.map((words, n) => ({ startMs: n * 9000, endMs: n * 9000 + 5000, text: words.join(' ') }));
        const words = segments.flat().map((text) => ({ text, startMs: 0, endMs: 1, probability: 0.5 }));
        const { text } = punctuate(timed, language);
        expect(wordPlaces(text, words)?.map((place) => place.word)).toEqual(words.filter((given) => /[\p{L}\p{N}]/u.test(given.text)));
      }),
    );
  });

  it('give every segment its words, with the marks that cling to them', () => {
    const { worded } = punctuatedWith([spoken('ну «привет» - сказал он .'), spoken('how are you', 5000)], 'ru');
    expect(worded.map(({ words }) => words.map(({ text }) => text))).toEqual([
      ['Ну', '«привет» –', 'сказал', 'он.'].map((text) => text.replace('–', worded[0]!.text.includes('—') ? '—' : '–')),
      ['How', 'are', 'you.'],
    ]);
    for (const { text, words } of worded) for (const word of words) expect(text.slice(word.at).startsWith(word.text)).toBe(true);
    expect(worded[1]!.words.map(({ startMs }) => startMs)).toEqual([5000, 5400, 5800]);
  });

  it('are told apart in scripts without spaces', () => {
    const segments = [{ startMs: 0, endMs: 900, text: '你好，世界。' }];
    const words = ['你', '好', '，', '世', '界', '。'].map((text, n) => ({ text, startMs: n * 100, endMs: n * 100 + 90 }));
    expect(withWords(segments, words)[0]!.words.map(({ text }) => text)).toEqual(['你', '好，', '世', '界。']);
  });
});

describe('subtitles by words', () => {
  const { worded } = punctuatedWith([spoken('привет как дела')], 'ru');

  it('are a cue a word in SubRip', () => {
    expect(toWordSrt(worded)).toBe(
      '1\n00:00:00,000 --> 00:00:00,300\nПривет\n\n2\n00:00:00,400 --> 00:00:00,700\nкак\n\n3\n00:00:00,800 --> 00:00:01,100\nдела?\n',
    );
  });

  it('are a timestamp before each word but the first in WebVTT', () => {
    expect(toVtt(worded)).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:01.100\nПривет <00:00:00.400>как <00:00:00.800>дела?\n');
  });

  it('are a line a word as text', () => {
    expect(toWordLines(worded)).toBe(
      '[00:00:00.000 --> 00:00:00.300]  Привет\n[00:00:00.400 --> 00:00:00.700]  как\n[00:00:00.800 --> 00:00:01.100]  дела?\n',
    );
  });

  it('keep the segment where its words cannot be found', () => {
    expect(toWordSrt(withWords([{ startMs: 0, endMs: 900, text: 'Совсем другое.' }], spoken('привет')))).toContain('Совсем другое.');
  });

  it('split long segments at the times of their words', () => {
    const words = spoken('раз два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать').map((word, n) => ({
      ...word,
      startMs: word.startMs + (n > 12 ? 60_000 : 0),
      endMs: word.endMs + (n > 12 ? 60_000 : 0),
    }));
    const segments = punctuatedWith([words], 'ru').worded;
    const cues = toVtt(segments).split('\n\n').slice(1);
    expect(cues.length).toBeGreaterThan(1);
    expect(cues.join('').replace(/<[^>]*>/g, '').match(/\p{L}+/gu)).toHaveLength(16);
    for (const cue of cues) {
      const [from, to] = /(\S+) --> (\S+)/.exec(cue)!.slice(1);
      const stamps = [...cue.matchAll(/<([^>]+)>/g)].map((match) => match[1]!);
      expect([from!, ...stamps, to!]).toEqual([...new Set([from!, ...stamps, to!])].sort());
    }
    expect(toSrt(segments.map(({ startMs, endMs, text }) => ({ startMs, endMs, text })))).not.toBe(toWordSrt(segments));
  });

  it('have whole, ordered, parted times whatever the engine gives', () => {
    const times = fc.record({ startMs: fc.double({ min: 0, max: 5000, noNaN: true }), endMs: fc.double({ min: 0, max: 5000, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(times, { minLength: 1, maxLength: 30 }), (given) => {
        const words = given.map((time, n) => ({ ...time, text: `w${n}` }));
        const cues = toWordSrt(withWords([{ startMs: 0, endMs: 5000, text: words.map(({ text }) => text).join(' ') }], words)).match(/\d\d:\d\d:\d\d,\d{3}/g)!;
        expect(cues).toHaveLength(2 * given.length);
        expect(cues).toEqual([...cues].sort());
      }),
    );
  });
});
