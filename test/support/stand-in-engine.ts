import type { Engine } from '../../src/speech/engine.js';

/** What is the same in all engines that tests make up: it can everything and hears nothing. */
export const standInEngine: Engine = {
  name: 'stand-in',
  model: 'none',
  abilities: { wordTimes: true, probabilities: true, languageDetection: true, languageProbabilities: true, prompt: true, temperature: true, thorough: true },
  loaded: true,
  trouble: () => Promise.resolve(undefined),
  transcribe: () => Promise.resolve({ segments: [], language: 'en' }),
  useModel: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};
