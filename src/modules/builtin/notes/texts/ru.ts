import type { en } from './en.js';

export const ru: typeof en = {
  module: { title: 'Заметки', summary: 'тексты, которые пишут один раз, а потом вставляют в чат по #имени' },
  labels: { name: 'имя', text: 'текст' },
  note: {
    about: {
      summary: 'сохранить текст под именем, показать, удалить',
      details: 'Отдельное сообщение #имя превращается в этот текст — в любом чате, можно и ответом. Жирный шрифт, курсив, код, цитаты и спойлеры сохраняются, ссылки под словами — нет. Прежняя заметка с тем же именем заменяется.',
      examples: [
        { type: 'note адрес Садовая, 5', does: 'сохранит; без текста, ответом — сохранит то сообщение' },
        { type: 'note адрес', does: 'покажет' },
        { type: 'note --delete адрес', does: 'удалит' },
      ],
    },
    deleteFlag: 'удалить заметку',
    saved: (name) => `✅ Сохранено: #${name}`,
    replaced: (name, before) => `✅ Заменено: #${name}. Было: ${before}`,
    deleted: (name) => `✅ Удалено: #${name}`,
    unknown: (name, nearest) => `Заметки #${name} нет.${nearest === undefined ? '' : ` Может быть, #${nearest}?`}`,
    badName: (name) => `«${name}» не подходит как имя: буквы, цифры, - и _, не длиннее 32 символов.`,
    sayWhich: 'Какую заметку? Укажите имя.',
    tooMany: (limit) => `Заметок не больше ${limit}; сначала удалите лишнюю.`,
  },
  notes: {
    about: { summary: 'все заметки', examples: [{ type: 'notes', does: 'имена и начало каждой' }] },
    title: (count) => `🗒 Заметок: ${count}`,
    none: (example) => `🗒 Заметок пока нет. Например: ${example}`,
    example: (prefix) => `${prefix}note адрес Садовая, 5`,
  },
};
