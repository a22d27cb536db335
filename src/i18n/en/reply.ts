import { lengthText, sizeText } from '../measure.js';

/** What a voice is answered with besides its text. */
export const reply = {
  noSpeech: '🔇 No speech here.',
  progress: (percent: number): string => `🎙 Writing this down: ${percent}%`,
  tooLarge: (limit: string) => `⚠️ Could not write this down: the file is larger than ${limit}, the limit here.`,
  tooLong: (limit: string) => `⚠️ Could not write this down: the recording is longer than ${limit}, the limit here.`,
  size: (bytes: number) => sizeText(bytes, 'en'),
  length: (ms: number) => lengthText(ms, 'en'),
};
