import type { jobs as en } from '../en/jobs.js';

export const jobs: typeof en = {
  noneFailed: 'Неудач нет.',
  failed: (count) => `Не удалось расшифровать: ${count} (npm run jobs -- retry ID или all)`,
  columns: ['id', 'когда', 'почему', 'попыток', 'причина'],
  queue: (waiting, active, delayed) => `В очереди: ждут ${waiting}, в работе ${active}, ждут повтора ${delayed}`,
  more: (count) => `… и ещё ${count}`,
  states: { waiting: 'ждёт', active: 'в работе', delayed: 'ждёт повтора', done: 'готово', failed: 'не удалось' },
  fields: {
    state: 'состояние',
    outcome: 'итог',
    reason: 'почему',
    cause: 'причина',
    tries: 'попыток',
    when: 'когда',
    told: 'сказано в чате',
    sent: 'отправлено',
    media: 'запись',
    messages: 'ответы',
  },
  yes: 'да',
  no: 'нет',
  unknown: (id) => `${id}: такой задачи нет, или она не заканчивалась неудачей`,
  underWay: (id) => `${id}: уже в работе`,
  retried: (id) => `✓ ${id}: запущено ещё раз`,
  dropped: (id) => `✓ ${id}: снято, расшифровки не будет`,
  notDropped: (id) => `${id}: такой задачи нет, или она сейчас в работе`,
};
