import { lengthText, sizeText } from '../measure.js';
import type { reply as en } from '../en/reply.js';

export const reply: typeof en = {
  noSpeech: '🔇 Здесь нет речи.',
  progress: (percent) => `🎙 Расшифровываю: ${percent}\u00a0%`,
  tooLarge: (limit) => `⚠️ Не удалось расшифровать: файл больше, чем здесь разрешено (${limit}).`,
  tooLong: (limit) => `⚠️ Не удалось расшифровать: запись длиннее, чем здесь разрешено (${limit}).`,
  size: (bytes) => sizeText(bytes, 'ru'),
  length: (ms) => lengthText(ms, 'ru'),
};
