import type { backlog as en } from '../en/backlog.js';

const from = ({ voices, chats }: { voices: number; chats: number }): string => `голосовых: ${voices}, чатов: ${chats}`;

export const backlog: typeof en = {
  question: (counts, prefix) =>
    `🕰 Пока меня не было, пришли сообщения (${from(counts)}). Расшифровать их?\n\n${prefix}backlog ответить\n${prefix}backlog пропустить`,
  decided: '🕰 Голосовые, которые пришли без меня: решено.',
};
