import { en } from './en.js';
import { ru } from './ru.js';

/** All texts in one language; hand in only the section that a room needs. */
export type Texts = typeof en;

export type Language = 'en' | 'ru';

export function textsFor(language: Language): Texts {
  return language === 'ru' ? ru : en;
}
