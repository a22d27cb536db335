import { moduleTexts } from '../module-texts.js';
import { en } from './texts/en.js';
import { ru } from './texts/ru.js';

export const texts = moduleTexts(en, ru);
