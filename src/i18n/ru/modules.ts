import type { modules as en } from '../en/modules.js';

export const modules: typeof en = {
  notMet: 'Этот чат или человек пока не встречался этому аккаунту.',
  unknown: (name) => `Модуля ${name} нет.`,
  needed: (name) => `${name} не выключается: без него нечем было бы включить остальное.`,
  taken: (name) => `Модуль ${name} уже есть, он часть программы.`,
  doesNotFit: (problem) => `Модуль не подходит: ${problem}`,
  settingsNotTaken: (name) => `Модуль ${name} не смог это принять; ничего не изменено. Причина в журнале.`,
  switchedOff: (title, why, command) => `⚠️ Модуль «${title}» выключен: ${why}. Включить снова: ${command}`,
  network: {
    httpsOnly: 'Можно обращаться только по адресам https://.',
    notPublic: 'Этот адрес на самом сервере или в его сети; модулям туда нельзя.',
    failed: 'Другая сторона не ответила как следует.',
  },
  tooMuch: {
    error: 'слишком много ошибок',
    block: 'несколько раз задерживал всё остальное',
    flood: 'слишком много отправляет',
  },
  didNotStart: {
    failed: (error) => `не запустился (${error})`,
    late: (seconds) => `не запустился за ${seconds} с`,
    tooNew: 'его данные записаны более новой версией; верните её',
  },
};
