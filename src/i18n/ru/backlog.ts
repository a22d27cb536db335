import type { backlog as en } from '../en/backlog.js';

const from = ({ voices, chats }: { voices: number; chats: number }): string => `голосовых: ${voices}, чатов: ${chats}`;

export const backlog: typeof en = {
  about: 'голосовые, которые пришли без меня и остались без ответа: показать, расшифровать или пропустить',
  usage: 'Так: .backlog, .backlog answer (ответить) или .backlog skip (пропустить)',
  words: { answer: 'ответить', skip: 'пропустить' },
  question: (counts) =>
    `🕰 Пока меня не было, пришли сообщения (${from(counts)}). Расшифровать их?\n\n.backlog answer (да)\n.backlog skip (нет)`,
  decided: '🕰 Голосовые, которые пришли без меня: решено.',
  summary: ({ ask, tooOld, dropped }) =>
    [
      ask.voices + tooOld.voices === 0 ? '🕰 Отложенных голосовых нет.' : '🕰 Отложены, без ответа:',
      ...(ask.voices === 0 ? [] : [`• пришли, пока меня не было (${from(ask)})`]),
      ...(tooOld.voices === 0 ? [] : [`• слишком старые, см. GRAMSCRIBE_BACKLOG (${from(tooOld)})`]),
      ...(ask.voices + tooOld.voices === 0 ? [] : ['.backlog answer (ответить) или .backlog skip (пропустить)']),
      ...(dropped === 0 ? [] : [`Пропущено за всё время: ${dropped}`]),
    ].join('\n'),
  answering: (count) => (count === 0 ? '👌 Отвечать не на что.' : `✅ Расшифровываю голосовые: ${count}`),
  skipped: (count) => (count === 0 ? '👌 Пропускать нечего.' : `✅ Пропущено голосовых: ${count}`),
};
