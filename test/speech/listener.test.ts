import { describe, expect, it } from 'vitest';
import type { Engine, EngineRequest, EngineResult } from '../../src/speech/engine.js';
import { Listener, type ListenerOptions } from '../../src/speech/listener.js';
import type { SpeakerLanguages } from '../../src/speech/language/speaker-languages.js';
import type { TranscribedSegment } from '../../src/speech/transcript.js';
import { standInEngine } from '../support/stand-in-engine.js';

const never = new AbortController().signal;
const second = { samples: new Int16Array(16_000) };
const long = { samples: new Int16Array(80_000) };

function segment(text: string, avgLogProbability = -0.2): TranscribedSegment {
  const words = text.split(' ').map((word) => ({ text: word, startMs: 0, endMs: 500, probability: Math.exp(avgLogProbability) }));
  return { startMs: 0, endMs: 500, text, words, avgLogProbability, noSpeechProbability: 0 };
}

interface Sound {
  /** How likely the engine finds each language. */
  told: Record<string, number>;
  /** The text in each language; in others it is not sure of anything. */
  texts?: Record<string, TranscribedSegment[]>;
}

/** An engine that hears one sound; it keeps in what language it was asked, with `?` where it had to say how likely others are. */
function engineOf({ told, texts = {} }: Sound, abilities: Partial<Engine['abilities']> = {}): Engine & { asked: string[] } {
  const asked: string[] = [];
  const likeliest = Object.entries(told).sort(([, a], [, b]) => b - a)[0]![0];
  const transcribe = ({ language: wanted, languageProbabilities }: EngineRequest): Promise<EngineResult> => {
    asked.push(wanted + (languageProbabilities ? '?' : ''));
    const language = wanted === 'auto' ? likeliest : wanted;
    const segments = texts[language] ?? [segment('something else', -0.8)];
    return Promise.resolve({ segments, language, ...(languageProbabilities && { languageProbabilities: told }) });
  };
  return { ...standInEngine, abilities: { ...standInEngine.abilities, ...abilities }, asked, transcribe };
}

const speaks = (times: Record<string, number>, more: Partial<SpeakerLanguages> = {}): SpeakerLanguages => ({ times, unasked: 0, ...more });
const well = [segment('well heard')];

async function heard(sound: Sound, options: Partial<ListenerOptions>, pcm = second): Promise<{ language: string; asked: string[]; sureMs: number | undefined }> {
  const engine = engineOf(sound);
  const listener = new Listener(engine, { language: [], ...options });
  const { language } = await listener.hear({ pcm }, never);
  listener.heard(language, pcm.samples.length / 16);
  return { language, asked: engine.asked, sureMs: listener.sureMs };
}

describe('the language of a window', () => {
  it('is not asked for where it is fixed, whatever the text is like', async () => {
    expect(await heard({ told: { en: 1 } }, { language: ['ru'] })).toEqual({ language: 'ru', asked: ['ru'], sureMs: undefined });
  });

  it('costs one question where the likeliest one was right, and a second where it was not', async () => {
    const owner = { expectation: { ownerLanguage: 'ru' } };
    expect(await heard({ told: { ru: 0.9, en: 0.1 }, texts: { ru: well } }, owner)).toMatchObject({ language: 'ru', asked: ['ru?'] });
    expect(await heard({ told: { ru: 0.02, en: 0.97 }, texts: { en: well } }, owner)).toMatchObject({ language: 'en', asked: ['ru?', 'en'] });
  });

  it.each([
    ['what the owner speaks', { ownerLanguage: 'ru' }],
    ['what everybody of the account speaks', { account: { ru: 5 } }],
    ['what this speaker speaks', { speaker: speaks({ ru: 1.9 }) }],
  ])('follows %s where a short sound leaves it open', async (_what, expectation) => {
    const open = { told: { uk: 0.5, ru: 0.35, bg: 0.1 }, texts: { ru: well, uk: well } };
    expect((await heard(open, {})).language).toBe('uk');
    expect((await heard(open, { expectation })).language).toBe('ru');
    const clear = { told: { uk: 0.99, ru: 0.005 }, texts: { ru: well, uk: well } };
    expect((await heard(clear, { expectation }, long)).language).toBe('uk');
  });

  it('is never one outside of the few that were named, however likely', async () => {
    const sound = { told: { uk: 0.98, ru: 0.01, en: 0.001 }, texts: { uk: well } };
    expect((await heard(sound, { language: ['en', 'ru'] })).language).toBe('ru');
    const blunt = engineOf(sound, { languageProbabilities: false });
    expect((await new Listener(blunt, { language: ['en', 'ru'] }).hear({ pcm: long }, never)).language).toBe('en');
    expect(blunt.asked).toEqual(['auto', 'en']);
  });

  it('is the one in which the text is better where both are about as likely', async () => {
    const sound = { told: { ru: 0.45, en: 0.55 }, texts: { ru: [segment('привет', -0.1)], en: [segment('prove it', -0.9)] } };
    const { language, asked } = await heard(sound, { language: ['ru', 'en'] });
    expect({ language, asked }).toEqual({ language: 'ru', asked: ['ru?', 'en'] });
  });

  it('is asked of an engine that only detects by letting it detect', async () => {
    const engine = engineOf({ told: { de: 1 }, texts: { de: well } }, { languageProbabilities: false });
    const listener = new Listener(engine, { language: [] });
    await listener.hear({ pcm: long }, never);
    await listener.hear({ pcm: long }, never);
    expect(engine.asked).toEqual(['auto', 'de']);
  });

  it.each([
    ['is empty', []],
    ['is less sure', [segment('rhywbeth arall', -1.6)]],
  ])('stays the known one where the text in a detected one %s', async (_how, detected) => {
    const sound = { told: { cy: 1 }, texts: { cy: detected, ru: [segment('еле слышно', -1.1)] } };
    const listener = new Listener(engineOf(sound, { languageProbabilities: false }), { language: [], expectation: { speaker: speaks({ ru: 5 }) } });
    const { language, segments } = await listener.hear({ pcm: long }, never);
    expect([language, segments[0]?.text]).toEqual(['ru', 'еле слышно']);
  });
});

describe('a speaker who is known for one language', () => {
  const known = speaks({ ru: 6 }, { usualLogProbability: -0.2 });
  const expectation = { speaker: known };

  it('is heard in it without asking', async () => {
    const sound = { told: { uk: 1 }, texts: { ru: well } };
    expect(await heard(sound, { expectation })).toEqual({ language: 'ru', asked: ['ru'], sureMs: undefined });
  });

  it.each([
    ['much less sure than usual', [segment('вот из дог', -0.7)]],
    ['empty', []],
  ])('is found out to speak another one when the text is %s', async (_what, ru) => {
    const sound = { told: { en: 0.99, ru: 0.003 }, texts: { ru, en: well } };
    const { language, asked, sureMs } = await heard(sound, { expectation: { ...expectation, account: { ru: 5, en: 2 } } }, long);
    expect({ language, asked, sureMs }).toEqual({ language: 'en', asked: ['ru', 'en?'], sureMs: 5000 });
  });

  it('stays in it where the sound is bad in any language', async () => {
    const sound = { told: { en: 0.4, ru: 0.4 }, texts: { ru: [segment('м да', -1.1)] } };
    expect((await heard(sound, { expectation })).language).toBe('ru');
  });

  it('is asked again where that language is none of the few that were named', async () => {
    const { asked } = await heard({ told: { en: 1 }, texts: { en: well } }, { language: ['en', 'de'], expectation });
    expect(asked).toEqual(['en?']);
  });
});

describe('a recording of several windows', () => {
  it('keeps a language that one of them made certain, and finds out anew where a later one looks wrong', async () => {
    const texts: Record<string, TranscribedSegment[]> = { ru: well };
    const told: Record<string, number> = { ru: 0.99 };
    const engine = engineOf({ told, texts });
    const listener = new Listener(engine, { language: [], expectation: { ownerLanguage: 'ru' } });
    await listener.hear({ pcm: long }, never);
    await listener.hear({ pcm: long }, never);
    Object.assign(told, { ru: 0.01, en: 0.98 });
    Object.assign(texts, { ru: [segment('вот из дог', -1.2)], en: well });
    const { language } = await listener.hear({ pcm: long }, never);
    await listener.hear({ pcm: long }, never);
    expect(language).toBe('en');
    expect(engine.asked).toEqual(['ru?', 'ru', 'ru', 'en?', 'en']);
  });

  it('keeps asking while its windows are too short or too unclear to be certain', async () => {
    const engine = engineOf({ told: { ru: 0.6, uk: 0.4 }, texts: { ru: well } });
    const listener = new Listener(engine, { language: ['ru', 'uk'] });
    for (const pcm of [second, long, long]) await listener.hear({ pcm }, never);
    expect(engine.asked).toEqual(['ru?', 'ru?', 'ru?']);
    listener.heard('ru', 10_000);
    expect(listener.sureMs).toBe(0);
  });

  it('goes on in the language of an earlier run', async () => {
    const engine = engineOf({ told: { en: 1 }, texts: { ru: well } });
    const listener = new Listener(engine, { language: [] });
    listener.heard('ru', 12_000);
    listener.resume();
    await listener.hear({ pcm: long }, never);
    expect({ asked: engine.asked, language: listener.language }).toEqual({ asked: ['ru'], language: 'ru' });
  });
});

describe('a vocabulary', () => {
  const vocabulary = ['Гамаюн', 'kubectl', 'Сан Саныч', 'Redis'];

  /** Hears one thing with a prompt and another without. */
  function prompted(withPrompt: TranscribedSegment[], without: TranscribedSegment[]): Engine & { prompts: (string | undefined)[] } {
    const prompts: (string | undefined)[] = [];
    return {
      ...standInEngine,
      prompts,
      transcribe: ({ prompt, language }) => {
        prompts.push(prompt);
        return Promise.resolve({ language, segments: prompt === undefined ? without : withPrompt });
      },
    };
  }

  it('is given to the engine', async () => {
    const engine = prompted([segment('спроси Гамаюн')], []);
    const { segments } = await new Listener(engine, { language: ['ru'], vocabulary }).hear({ pcm: second }, never);
    expect(engine.prompts).toEqual(['Гамаюн, kubectl, Сан Саныч, Redis.']);
    expect(segments[0]!.text).toBe('спроси Гамаюн');
  });

  it.each([
    ['as it is', 'Гамаюн, kubectl, Сан Саныч, Redis.', -0.1],
    ['in part', 'ну kubectl Сан Саныч Redis', -0.1],
    ['in a single word that the engine is not sure of', 'Redis', -1.2],
  ])('that the model repeats %s does not get into the text', async (_how, text, sure) => {
    const engine = prompted([segment(text, sure)], [segment('дождь идёт', -0.5)]);
    const { segments } = await new Listener(engine, { language: ['ru'], vocabulary }).hear({ pcm: second }, never);
    expect(segments.map((found) => found.text)).toEqual(['дождь идёт']);
    expect(engine.prompts).toHaveLength(2);
  });

  it('that the model repeats over silence leaves nothing', async () => {
    const engine = prompted([segment('Гамаюн, kubectl, Сан Саныч')], []);
    expect((await new Listener(engine, { language: ['ru'], vocabulary }).hear({ pcm: second }, never)).segments).toEqual([]);
  });

  it('that somebody did dictate stays, in its own spelling', async () => {
    const engine = prompted([segment('kubectl Сан Саныч Redis')], [segment('кубектл сан саныч редис')]);
    const { segments } = await new Listener(engine, { language: ['ru'], vocabulary }).hear({ pcm: second }, never);
    expect(segments[0]!.text).toBe('kubectl Сан Саныч Redis');
  });

  it('is not prompted with where the engine takes no prompt', async () => {
    const engine = prompted([], [segment('да')]);
    const deaf = { ...engine, abilities: { ...engine.abilities, prompt: false } };
    await new Listener(deaf, { language: ['ru'], vocabulary }).hear({ pcm: second }, never);
    expect(engine.prompts).toEqual([undefined]);
  });
});
