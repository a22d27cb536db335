import type { en } from './en.js';

export const ru: typeof en = {
  about: { title: 'JavaScript', summary: 'выполняет несколько строк JavaScript отдельно от всего остального' },
  code: 'код',
  args: 'чем будет args в коде, через запятую',
  command: {
    summary: 'выполнить JavaScript и показать, что получилось',
    details:
      'Ответ — значение последнего выражения; await работает. В коде есть message (это сообщение), reply (то, на которое оно отвечает) и args. ' +
      'Код выполняется в отдельном движке: без файлов, сети, Telegram и самой программы.',
    examples: [
      { type: 'e 2 ** 64', does: 'число' },
      { type: 'e reply.text.split(" ").length', does: 'сколько слов в сообщении, на которое вы отвечаете' },
      { type: 'e --args 3,4 args.map(Number)', does: 'код со значениями извне' },
    ],
  },
  settings: { deadline: 'сколько может выполняться код', memory: 'сколько памяти он может занять, МБ' },
  console: 'Консоль',
  took: (time) => `✅ ${time}`,
  threw: '❌ Ошибка',
  threwIn: (line) => `❌ Ошибка в строке ${line}`,
  ended: {
    time: (limit) => `⏱ Остановлено: выполнялось дольше ${limit}`,
    memory: (limit) => `🧠 Остановлено: понадобилось больше ${limit}`,
    crash: '💥 Остановлено: движок упал',
    flood: '🌊 Остановлено: слишком много вывода сразу',
  },
  more: (characters) => `… и ещё символов: ${characters}`,
  busy: 'Уже выполняются две такие команды: дождитесь одной из них или отмените её.',
  milliseconds: 'мс',
  seconds: 'с',
  megabytes: 'МБ',
};
