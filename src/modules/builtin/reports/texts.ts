import { moduleTexts } from '../module-texts.js';
import { en } from './texts/en.js';
import { ru } from './texts/ru.js';

export const reportsTexts = moduleTexts(en, ru);

export type ReportsTexts = typeof en;
