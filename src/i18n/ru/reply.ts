import type { reply as en } from '../en/reply.js';

export const reply: typeof en = {
  noSpeech: '🔇 Здесь нет речи.',
  progress: (percent) => `🎙 Расшифровываю: ${percent}\u00a0%`,
};
