import { moduleTexts } from '../module-texts.js';
import { en } from './texts/en.js';
import { ru } from './texts/ru.js';

export const texts = moduleTexts(en, ru);
export type VoiceTexts = typeof en;

/** Whether what was typed is this word, in whichever language the program has. */
export function isWord(given: string, word: keyof VoiceTexts['words']): boolean {
  return [en, ru].some(({ words }) => words[word] === given.trim().toLowerCase());
}
