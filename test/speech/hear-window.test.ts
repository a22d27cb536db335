import { describe, expect, it } from 'vitest';
import type { Engine, EngineRequest } from '../../src/speech/engine.js';
import { hearWindow } from '../../src/speech/hear-window.js';
import { ALL_MECHANISMS, type Mechanisms } from '../../src/speech/recognition-mechanisms.js';
import type { TranscribedSegment } from '../../src/speech/transcript.js';
import { silent } from '../support/engine.js';
import { standInEngine } from '../support/stand-in-engine.js';

const SECONDS = 8;
const never = new AbortController().signal;
const fourteen = 'we meet at the station in the evening and buy bread for our friends';
const loop = 'thank you '.repeat(10).trim();

function said(text: string, { probability = 0.9, noSpeech = 0, fromMs = 0, toMs = SECONDS * 1000 } = {}): TranscribedSegment[] {
  if (text === '') return [];
  const words = text.split(' ').map((word) => ({ text: word, startMs: fromMs, endMs: toMs, probability }));
  return [{ startMs: fromMs, endMs: toMs, text, words, avgLogProbability: Math.log(probability), noSpeechProbability: noSpeech }];
}

/** What the window becomes where the engine's tries say these one after the other, and how it was asked. */
async function heard(
  tries: readonly TranscribedSegment[][],
  given: { speechMs?: number; mechanisms?: Partial<Mechanisms>; abilities?: Partial<Engine['abilities']> } = {},
) {
  const asked: EngineRequest[] = [];
  const answer = (request: EngineRequest) => {
    asked.push(request);
    return Promise.resolve({ segments: tries[Math.min(asked.length, tries.length) - 1]!, language: 'en' });
  };
  const engine = { ...standInEngine, abilities: { ...standInEngine.abilities, ...given.abilities }, transcribe: answer };
  const first = (request: Pick<EngineRequest, 'pcm' | 'thorough'>) => answer({ ...request, language: 'auto' });
  const pcm = { samples: new Int16Array(SECONDS * 16_000) };
  const speech = [{ startMs: 0, endMs: given.speechMs ?? SECONDS * 1000 }];
  const sound = await hearWindow({ pcm, speech }, { first, engine, log: silent }, { ...ALL_MECHANISMS, ...given.mechanisms }, never);
  const how = asked.map(({ language, thorough = false, temperature = 0 }) => ({ language, thorough, temperature }));
  return { text: sound.segments.map(({ text }) => text).join(' '), how, sound, doubts: sound.attempts.map(({ doubt }) => doubt) };
}

const quick = { language: 'auto', thorough: false, temperature: 0 };
const whole = { language: 'en', thorough: true, temperature: 0 };
const drawn = { language: 'en', thorough: true, temperature: 0.4 };

describe('hearWindow', () => {
  it('asks once where the result looks right, and says how it was heard', async () => {
    const { text, how, sound } = await heard([said('what was really said')]);
    expect(text).toBe('what was really said');
    expect(how).toEqual([quick]);
    expect(sound.attempts).toEqual([{ audioContext: 'fit', temperature: 0, score: expect.closeTo(Math.log(0.9), 2) as number }]);
    expect(sound.kept).toBe(0);
  });

  it.each([
    ['goes in circles', said(loop), 'loop'],
    ['ends in circles', said(`${fourteen} ${'and so on '.repeat(5)}`.trim()), 'repeats'],
    ['is unsure of its words', said('who knows what this is', { probability: 0.2 }), 'unsure'],
    ['says itself that there is no speech', said('who knows what this is', { probability: 0.35, noSpeech: 0.9 }), 'no-speech'],
    ['has more words than anybody can say', said(Array.from({ length: 60 }, (_, n) => `w${n * 37}`).join(' ')), 'too-fast'],
    ['leaves out half of what was said', said('only the first', { toMs: 3000 }), 'incomplete'],
    ['is empty although there is speech', said(''), 'empty'],
  ])('hears a window again with the whole encoder, then by chance, whose text %s', async (_what, wrong, doubt) => {
    const other = doubt === 'empty' ? said(loop) : said('');
    const { text, how, doubts, sound } = await heard([wrong, other, said('what was really said')]);
    expect(how).toEqual([quick, whole, drawn]);
    expect(doubts).toEqual([doubt, doubt === 'empty' ? 'loop' : 'empty', undefined]);
    expect([text, sound.kept]).toEqual(['what was really said', 2]);
  });

  it('keeps the better of tries that all look wrong, not the last', async () => {
    const half = said('only the first part of it', { toMs: 4000 });
    const { text, sound } = await heard([half, said(loop), said('hm', { probability: 0.1 })]);
    expect([text, sound.kept, sound.attempts.length]).toEqual(['only the first part of it', 0, 3]);
  });

  it('asks no third time where two tries agree', async () => {
    expect((await heard([said(''), said('')])).how).toEqual([quick, whole]);
    expect((await heard([said('only the first', { toMs: 3000 })])).how).toEqual([quick, whole]);
  });

  it('leaves text out that is a loop each time', async () => {
    const { text, sound, how } = await heard([said(loop)]);
    expect([text, sound.kept, how.length]).toEqual(['', undefined, 3]);
  });

  it('does not ask an engine again for what it cannot do otherwise', async () => {
    const abilities = { thorough: false, temperature: false };
    expect((await heard([said(loop)], { abilities })).how).toEqual([quick]);
    const { how, sound } = await heard([said(loop)], { abilities: { thorough: false } });
    expect(how.map(({ temperature }) => temperature)).toEqual([0, 0.4, 0.8]);
    expect(sound.attempts.map(({ audioContext }) => audioContext)).toEqual(['full', 'full', 'full']);
  });

  it.each(['да да да', 'Да, да, да, да!', 'no no no no no no', 'раз два три раз два три раз два три'])('believes "%s"', async (text) => {
    expect((await heard([said(text)])).how).toEqual([quick]);
  });

  it.each(['Спасибо за просмотр!', 'Продолжение следует...', 'Субтитры сделал DimaTorzok', 'Thank you for watching.'])(
    'does not believe "%s" on weak evidence, and does where it was clearly said',
    async (phrase) => {
      expect((await heard([said(phrase, { probability: 0.4 })], { speechMs: 1500 })).text).toBe('');
      expect((await heard([said(phrase, { probability: 0.7, noSpeech: 0.5 })], { speechMs: 1500 })).text).toBe('');
      expect((await heard([said(phrase)], { speechMs: 150 })).text).toBe('');
      expect((await heard([said(phrase)], { speechMs: 1500 })).text).toBe(phrase);
      expect((await heard([said(`${phrase} and more`, { probability: 0.4 })], { speechMs: 1500 })).text).toContain(phrase);
    },
  );

  it.each([
    ['thanks that the model half takes for silence, as it does real ones', said('Спасибо!', { probability: 0.9, noSpeech: 0.5 }), 500],
    ['thanks with laughter after them', said('Спасибо!', { probability: 0.9 }), 4000],
    ['a mumbled answer', said('Угу', { probability: 0.25 }), 300],
    ['people in noise, of which the model says silence too', said('мы уже едем домой', { probability: 0.45, noSpeech: 0.7 }), 3000],
  ])('leaves nobody out who spoke: %s', async (_what, segments, speechMs) => {
    expect((await heard([segments], { speechMs })).text).toBe(segments[0]!.text);
  });

  it('keeps what was said before the engine went in circles, where it does so each time', async () => {
    const { text, doubts } = await heard([said(`${fourteen} ${'and so on '.repeat(5)}`.trim())]);
    expect(text).toContain(fourteen);
    expect(doubts).toEqual(['repeats', 'repeats', 'repeats']);
    expect((await heard([said(`${fourteen} ${'and so on '.repeat(5)}`.trim(), { probability: 0.1 })])).text).toBe('');
  });

  it('does not take the flattering probabilities of a drawn text for a better one', async () => {
    const likeliest = said('most of what was really said', { probability: 0.65, toMs: 4000 });
    const wild = said('moist owls was rarely sad', { probability: 0.8, toMs: 4000 });
    const wilder = said('must of wood was early set', { probability: 0.68, toMs: 4000 });
    const { text, doubts } = await heard([likeliest, wild, wilder], { abilities: { thorough: false } });
    expect([text, doubts]).toEqual(['most of what was really said', ['incomplete', 'incomplete', 'incomplete']]);
  });

  it('leaves each mechanism out that it is told to', async () => {
    const off = { retry: false, gates: false, phantoms: false };
    expect(await heard([said(loop)], { mechanisms: off })).toMatchObject({ text: loop, how: [quick] });
    expect((await heard([said(loop)], { mechanisms: { fitContext: false } })).how[0]).toEqual({ ...quick, thorough: true });
    expect((await heard([said('thank you', { probability: 0.4 })], { mechanisms: off })).text).toBe('thank you');
  });
});
