import type { en } from './en.js';

export const ru: typeof en = {
  about: { title: 'Отчёты', summary: 'предупреждения и ошибки из журнала в чат' },
  settings: {
    on: 'присылать ли их',
    chat: 'куда: me — это «Избранное»',
    level: 'начиная с какого уровня',
    digest: 'первое приходит сразу, остальное — не чаще, чем раз в это время',
  },
  title: '🔔 В журнале:',
  times: (count, last) => `×${count}, последний раз ${last}`,
  more: (count) => `… и ещё строк: ${count}; все они есть в журнале`,
  unknownChat: (chat) => `${chat} мне не встречался.`,
  off: (prefix) => `🔕 Отчёты выключены в настройках. Включить: ${prefix}config reports on yes`,
  mute: {
    about: {
      summary: 'некоторое время без отчётов',
      examples: [
        { type: 'mute', does: 'на восемь часов' },
        { type: 'mute 2 часа', does: 'на два часа' },
        { type: 'mute навсегда', does: 'пока вы не отмените' },
      ],
    },
    time: '2 часа | навсегда',
    done: (until, prefix) => `🔕 Без отчётов до ${until}. Что случится за это время, останется в ${prefix}logs. Раньше: ${prefix}unmute`,
    forever: (prefix) => `🔕 Без отчётов, пока не наберёте ${prefix}unmute`,
  },
  unmute: {
    about: { summary: 'снова с отчётами', examples: [{ type: 'unmute', does: 'раньше срока' }] },
    done: '🔔 Снова с отчётами',
    notMuted: '🔔 Отчёты и так приходят',
  },
};
