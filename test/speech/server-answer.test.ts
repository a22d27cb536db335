import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { audioContextFor } from '../../src/speech/audio-context.js';
import { isLanguageChoice, languageCode, WHISPER_LANGUAGES } from '../../src/speech/languages.js';
import { isModelName, modelPath } from '../../src/speech/model-path.js';
import { parseServerAnswer } from '../../src/speech/server-answer.js';

const token = (word: string, start: number, end: number, probability: number | null = 0.5) => ({ word, start, end, probability });

function parsed(segments: unknown[], language = 'russian', durationMs = 30_000) {
  return parseServerAnswer(JSON.stringify({ task: 'transcribe', language, duration: 1, text: '', segments }), durationMs);
}

describe('parseServerAnswer', () => {
  it('joins tokens to words, with the time of all and the mean probability', () => {
    const words = [token(' при', 0.1, 0.3, 1), token('вет', 0.3, 0.52, 0.5), token(' мир', 0.6, 0.9, 0.25), token('!', 0.9, 0.95, 0.75)];
    expect(parsed([{ text: ' привет мир!', start: 0, end: 1, words }])).toEqual({
      language: 'ru',
      segments: [
        {
          startMs: 0,
          endMs: 1000,
          text: 'привет мир!',
          words: [
            { text: 'привет', startMs: 100, endMs: 520, probability: 0.75 },
            { text: 'мир!', startMs: 600, endMs: 950, probability: 0.5 },
          ],
        },
      ],
    });
  });

  it('takes each token for a word in scripts without spaces', () => {
    const words = [token('今天', 0, 0.4), token('天气', 0.4, 0.8), token('很好', 0.8, 1.2)];
    const { segments } = parsed([{ text: '今天天气很好', start: 0, end: 1.2, words }], 'chinese');
    expect(segments[0]!.words.map(({ text }) => text)).toEqual(['今天', '天气', '很好']);
  });

  it('cuts times to the sound: engines like to say that the last words end at 30 s', () => {
    const { segments } = parsed([{ text: ' да', start: -0.01, end: 30, words: [token(' да', 0, 29.99)] }], 'russian', 2500);
    expect(segments[0]).toMatchObject({ startMs: 0, endMs: 2500, words: [{ startMs: 0, endMs: 2500 }] });
  });

  it('reads how probable the text is, how likely it is no speech, and how likely each language is, where it is told', () => {
    const spoken = { text: ' да', start: 0, end: 1, avg_logprob: -0.25, no_speech_prob: 0.02 };
    const { segments } = parsed([spoken, { ...spoken, avg_logprob: null, no_speech_prob: null }]);
    expect(segments[0]).toMatchObject({ avgLogProbability: -0.25, noSpeechProbability: 0.02 });
    expect(Object.keys(segments[1]!)).toEqual(['startMs', 'endMs', 'text', 'words']);
    const told = { language: 'russian', language_probabilities: { ru: 0.75, uk: 0.125 }, segments: [] };
    expect(parseServerAnswer(JSON.stringify(told), 1000).languageProbabilities).toEqual({ ru: 0.75, uk: 0.125 });
    expect(parsed([])).not.toHaveProperty('languageProbabilities');
  });

  it('leaves out segments without text and minds tokens without probability', () => {
    const words = [token(' слово', 0, 1, null)];
    const { segments } = parsed([{ text: '  ', start: 0, end: 1 }, { text: ' слово', start: 0, end: 1, words }]);
    expect(segments).toHaveLength(1);
    expect(segments[0]!.words[0]!.probability).toBe(0);
  });

  it.each(['', '<html>', '[]', '{"language":"russian"}', '{"language":"russian","segments":[{"text":"x","start":"0"}]}'])(
    'refuses an answer that is none: %s',
    (json) => {
      expect(() => parseServerAnswer(json, 1000)).toThrow(PermanentError);
    },
  );
});

describe('languages', () => {
  it('knows the code for every name that whisper.cpp may answer with', () => {
    expect(Object.keys(WHISPER_LANGUAGES)).toHaveLength(100);
    for (const [code, name] of Object.entries(WHISPER_LANGUAGES)) expect(languageCode(name)).toBe(code);
    expect(languageCode('klingon')).toBeUndefined();
  });

  it('takes a code or auto, and nothing else', () => {
    expect(['ru', 'en', 'auto', 'yue'].every(isLanguageChoice)).toBe(true);
    expect(['', 'RU', 'russian', 'constructor', '__proto__', '-l'].some(isLanguageChoice)).toBe(false);
  });
});

describe('modelPath', () => {
  it('makes a file name of a model name', () => {
    expect(modelPath('/models', 'large-v3-turbo-q5_0')).toBe('/models/ggml-large-v3-turbo-q5_0.bin');
    expect(modelPath('/models', 'base.en')).toBe('/models/ggml-base.en.bin');
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'a b', '-rf', 'Base', 'a\0b', 'a..b', 'a;b'])('refuses %j', (name) => {
    expect(isModelName(name)).toBe(false);
    expect(() => modelPath('/models', name)).toThrow('is not the name of a model');
  });
});

describe('audioContextFor', () => {
  it('holds the sound with a margin, grows with it and is never more than the whole', () => {
    const lengths = Array.from({ length: 301 }, (_, n) => n * 100);
    const contexts = lengths.map(audioContextFor);
    expect(contexts).toEqual([...contexts].sort((a, b) => a - b));
    for (const [n, context] of contexts.entries()) {
      expect(context === 1500 || context * 20 >= lengths[n]! + 2000).toBe(true);
      expect(context).toBeLessThanOrEqual(1500);
    }
    expect(audioContextFor(3000)).toBe(256);
  });

  it('leaves no rows that the engine reads and this sound did not write: whole steps of 256, or all', () => {
    const lengths = Array.from({ length: 301 }, (_, n) => n * 100);
    for (const context of lengths.map(audioContextFor)) expect(context % 256 === 0 || context === 1500).toBe(true);
  });
});
