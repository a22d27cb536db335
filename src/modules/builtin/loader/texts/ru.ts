import type { en } from './en.js';

export const ru: typeof en = {
  about: { title: 'Загрузчик', summary: 'чужие модули: впустить, посмотреть, выгнать' },
  loadmod: {
    about: {
      summary: 'впустить чужой модуль',
      details:
        'Ответьте на .tar.gz модуля или назовите его папку на сервере (внутри GRAMSCRIBE_MODULES_DIR). Вы увидите, что модуль просит, и до вашего согласия он ничего не получит. Он работает в отдельном процессе, без вашей сессии и файлов, и может только то, что вы разрешили. Кто пишет от вашего имени, может и навредить, поэтому впускайте только то, чему доверяете.',
      examples: [
        { type: 'loadmod', does: 'ответом на файл модуля' },
        { type: 'loadmod /srv/modules/dice', does: 'из папки на сервере' },
      ],
    },
    path: 'папка',
    sayWhat: 'Ответьте на .tar.gz модуля или назовите его папку.',
    tooLarge: 'Для модуля этот файл слишком большой.',
    looking: '🔎 Смотрю…',
    head: (title, name, version) => `🧩 ${title} (${name} ${version})`,
    update: (title, name, before, now) => `🧩 ${title} (${name}): ${before} → ${now}`,
    asks: 'Он сможет:',
    new: 'Новое, он сможет:',
    gone: 'Больше не сможет:',
    same: 'Ничего нового он не просит.',
    commands: (names) => `Команды: ${names}`,
    files: (count, hash) => `Файлов: ${count}, SHA-256 ${hash}…`,
    ask: 'Впустить?',
    refused: '👌 Не впущен.',
    done: (title) => `✅ ${title}: впущен и работает.`,
  },
  unloadmod: {
    about: { summary: 'выгнать чужой модуль', details: 'Сначала будет вопрос: всё, что он сохранил, исчезнет вместе с ним.', examples: [{ type: 'unloadmod dice', does: 'останавливает его и удаляет его файлы и всё сохранённое' }] },
    ask: (title) => `Выгнать ${title} со всем, что он сохранил?`,
    kept: '👌 Остаётся.',
    done: (name) => `✅ Модуля ${name} больше нет.`,
  },
  info: {
    about: {
      summary: 'что чужому модулю можно и что он делает',
      examples: [
        { type: 'mod-info', does: 'какие модули впущены' },
        { type: 'mod-info dice', does: 'хеши, разрешения, использование, память, ошибки' },
      ],
    },
    nobody: 'Чужих модулей нет. Чтобы впустить, ответьте на файл модуля командой loadmod.',
    list: (names) => `🧩 Впущены: ${names}`,
    may: 'Может:',
    manifest: (hash) => `Манифест: ${hash}`,
    memory: (mb) => `Память: ${mb} МБ`,
    off: 'Не работает.',
    why: (why) => `Не работает: ${why}`,
    used: (what) => `Использовано с запуска: ${what}`,
    notUsed: 'С запуска ничего не использовано.',
    other: 'прочее',
    errors: (errors, ends) => `Ошибок: ${errors}, процесс завершался сам: ${ends}`,
  },
  revoke: {
    about: {
      summary: 'забрать у чужого модуля разрешение',
      details: 'Модуль запустится заново без него, а если всё равно воспользуется — будет остановлен. Чтобы вернуть разрешение, загрузите модуль снова.',
      examples: [{ type: 'revoke-mod dice network', does: 'модуль dice больше не сможет выходить в интернет' }],
    },
    what: 'что',
    done: (name, what) => `✅ ${name} больше не сможет: ${what}`,
    not: (name, granted) => `У ${name} нет такого разрешения. Есть: ${granted}`,
    none: 'ничего',
  },
  name: 'модуль',
  unknown: (name, nearest) => `Чужого модуля ${name} нет.${nearest === undefined ? '' : ` Может быть, ${nearest}?`}`,
};
