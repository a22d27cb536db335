import { sizeText } from '../../../../i18n/measure.js';
import type { en } from './en.js';

export const ru: typeof en = {
  about: { title: 'Резервные копии', summary: 'настройки, люди и данные модулей в запечатанном файле в «Избранном»' },
  settings: {
    passphrase: 'запечатывает копии; без неё их не открыть никому, вам тоже',
    every: 'как часто делать копию без напоминания',
    keep: 'сколько копий оставлять в «Избранном»',
  },
  noPassphrase: (prefix) => `сначала выберите парольную фразу: ${prefix}config backup passphrase …`,
  weak: 'такую фразу слишком легко подобрать: от 14 знаков, лучше четыре-пять случайных слов',
  backup: {
    about: {
      summary: 'отправить резервную копию в «Избранное»',
      details: 'Настройки, люди, псевдонимы, правила, языки, словарь и данные модулей; никогда – сессия и секреты, без расшифровок.',
      examples: [{ type: 'backup', does: 'копия сейчас; по расписанию: .config backup every week' }],
    },
    done: (bytes) => `✅ Копия в «Избранном» (${sizeText(bytes, 'ru')})`,
    caption: (prefix) => `🗄 Резервная копия, запечатана вашей парольной фразой. Восстановить: ${prefix}restore в ответ на неё`,
  },
  restore: {
    about: {
      summary: 'восстановить копию, на которую вы отвечаете',
      details: 'Покажет, что изменится, и спросит; восстановится всё или ничего. Кто чем может пользоваться, восстанавливается только на сервере: gramscribe restore ФАЙЛ --with-rules.',
      examples: [{ type: 'restore', does: 'в ответ на файл' }],
    },
    noFile: 'ответьте на сообщение с файлом резервной копии',
    noPassphrase: (prefix) => `сначала задайте фразу, которой запечатана копия: ${prefix}config backup passphrase …`,
    otherPassphrase: (prefix) => `задайте ту: ${prefix}config backup passphrase …`,
    rulesStay: 'Кто чем может пользоваться, останется как есть.',
    no: '♻️ Ничего не изменено.',
    done: (prefix) => `✅ Восстановлено. Чтобы всё подействовало: ${prefix}restart`,
  },
};
