import type { FailureReason } from '../../errors.js';

/** What is wrong with a file, after its name and a colon. */
const problems: Record<FailureReason, string> = {
  'broken-audio': 'this is no audio or video file that can be read',
  'no-audio': 'there is no sound in the file',
  'too-large': 'the file is too large',
  'too-long': 'the recording is longer than allowed',
  deleted: 'the file is gone',
  'cannot-write': 'there is no place to write to',
  engine: 'speech recognition failed',
  download: 'the file could not be read',
  'no-space': 'the disk is full',
  internal: 'an error in the program',
};

export const transcribe = {
  problems,
  problem: (file: string, what: string) => `${file}: ${what}`,
  noSpeech: (file: string) => `${file}: no speech`,
  progress: (file: string, at: { number: number; of: number }) => `[${at.number}/${at.of}] ${file}`,
  percent: (percent: number) => `${percent} %`,
  bundledModel: (model: string) =>
    `The model ${model} is not here, the small bundled one is used: it knows some 110 words. Get a real one: npm run model -- pull ${model}`,
  noFiles: 'Which files? npm run transcribe -- FILE…',
  unknownLanguage: (language: string) =>
    `No speech model knows the language "${language}". Use a code such as en, ru or de, several (ru,en), or auto.`,
  badVocabulary: (words: number, length: number) =>
    `--vocabulary takes words with commas between them, ${words} at most, up to ${length} characters each.`,
  oneFileForSubtitles: 'Subtitles are made for one file at a time.',
};
