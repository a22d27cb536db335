import { decimalText } from '../../../../i18n/measure.js';
import type { en } from './en.js';

export const ru: typeof en = {
  about: { title: 'Терминал', summary: 'запускает программы на машине, где работает Gramscribe' },
  program: 'программа и её аргументы',
  line: 'строка для оболочки',
  terminal: {
    summary: 'запустить программу и показать, что она выводит',
    details:
      'Слова делятся так же, как в оболочке, и больше с ними ничего не происходит: ни переменных, ни |, ни >. Ввод программе не передаётся. ' +
      'Она работает от имени пользователя демона, в отдельной папке. Вывод виден по ходу дела; команда cancel завершит её. Когда она завершена, ничего из запущенного ею не остаётся.',
    examples: [
      { type: 't df -h /', does: 'одна программа с аргументами' },
      { type: 't grep -c "два слова" notes.txt', does: 'кавычки держат слова вместе' },
    ],
  },
  shell: {
    summary: 'выполнить строку оболочки и показать, что она выводит',
    examples: [{ type: 'sh df -h | sort', does: 'вывод одной программы — другой' }],
  },
  settings: {
    deadline: 'сколько может работать программа',
    output: 'сколько символов вывода оставлять: половина — начало, половина — конец',
  },
  unclosed: 'Кавычка не закрыта.',
  noName: 'Какую программу?',
  noProgram: (name) => `Программы ${name} нет.`,
  cannotStart: (name) => `Не удалось запустить ${name}.`,
  running: (time) => `⏳ ${time}`,
  done: (time) => `✅ ${time}`,
  failed: (status, time) => `❌ Код завершения ${status} · ${time}`,
  killed: (signal, time) => `❌ Завершено сигналом ${signal} · ${time}`,
  tooLong: (time) => `⏱ Остановлено через ${time}`,
  leftOut: (characters) => `… пропущено символов: ${characters} …`,
  decimal: (value) => decimalText(value, 1, 'ru'),
  units: ['д', 'ч', 'мин', 'с'],
};
