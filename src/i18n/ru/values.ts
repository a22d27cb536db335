import type { values as en } from '../en/values.js';

export const values: typeof en = {
  notTaken: (given, takes, nearest) =>
    `${given === '' ? 'Ничего не указано' : `«${given}» не подходит`}. Нужно: ${takes}.${nearest === undefined ? '' : ` Может быть, ${nearest}?`}`,
  objection: (given, objection) => `«${given}» не подходит: ${objection}`,
  neverEnds: 'на иных текстах поиск длился бы часами. Не повторяйте того, что само повторяется, как в (a+)+, и вариантов, которые начинаются одинаково.',
  secretNotTaken: (takes) => `Не подходит. Нужно: ${takes}.`,
  range: (what, min, max) =>
    min === undefined ? (max === undefined ? what : `${what}, не больше ${max}`) : max === undefined ? `${what}, не меньше ${min}` : `${what} от ${min} до ${max}`,
  length: (min, max) => (min > 0 ? `текст длиной от ${min} до ${max} символов` : `текст длиной до ${max} символов`),
  oneOf: (options) => options.join(', ').replace(/, ([^,]*)$/, ' или $1'),
  someOf: (options) => `что-то из ${options.join(', ')} (через запятую) или none`,
  listOf: (item, maxItems) => `список (через запятую или по одному на строке, не больше ${maxItems}; пустой — none), в нём ${item}`,
  takes: {
    boolean: 'on или off',
    integer: 'целое число',
    number: 'число',
    word: 'одно слово не длиннее 256 символов, без пробелов',
    regexp: 'регулярное выражение, например /образец/i (флаги: i, m, s, u)',
    duration: 'время (90s, 30m, 2h30m, 2 часа)',
    telegramId: 'id человека, число',
    peer: '@имя, ссылка t.me, id или me',
    link: 'адрес, например https://example.com',
    emoji: 'одно эмодзи',
    languages: 'auto, язык, например ru, или несколько: ru,en',
    timeZone: 'часовой пояс, например Europe/Moscow, UTC+3 или город',
    secret: 'секрет длиной до 4096 символов; больше он не будет показан',
  },
};
