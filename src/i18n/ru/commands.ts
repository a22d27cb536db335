import type { commands as en } from '../en/commands.js';

export const commands: typeof en = {
  failed: '⚠️ Не получилось; причина в журнале.',
  unknownCommand: (given, nearest) => `Команды ${given} нет. Может быть, ${nearest}?`,
  help: { about: 'что я умею', title: '🎙 Gramscribe: команды' },
  ping: { about: 'время ответа Telegram', answer: (ms) => `🏓 ${ms} мс` },
  person: {
    sayWho: 'О ком речь? Ответьте на сообщение этого человека или укажите @имя или id.',
    tooMany: 'По одному человеку за раз: @имя или id.',
    notFound: (given) => `Не знаю, кто такой ${given}. По id можно указать только того, с кем этот аккаунт уже встречался.`,
    replyWithoutPerson: 'Сообщение, на которое вы ответили, удалено или написано не человеком.',
  },
  track: {
    about: 'расшифровывать голосовые этого человека (ответом, по @имени, по id или в личном чате)',
    added: (name) => `✅ Отслеживаю: ${name}`,
    already: (name) => `👌 Уже отслеживаю: ${name}`,
  },
  untrack: {
    about: 'больше не расшифровывать голосовые этого человека',
    removed: (name) => `✅ Больше не отслеживаю: ${name}`,
    notTracked: (name) => `👌 И так нет в списке: ${name}`,
  },
  tracked: {
    about: 'чьи голосовые расшифровываются',
    nobody: '👥 Пока никого не отслеживаю. В личном чате: .track',
    title: (count) => `👥 Отслеживаю: ${count}`,
  },
  model: {
    about: 'модель распознавания: показать или сменить',
    current: (name) => `🧠 Модель: ${name}`,
    present: (names) => `На этой машине: ${names}`,
    absent: (name, names) =>
      `Модели ${name} на этой машине нет. Есть: ${names}. Загрузить на сервере: npm run model -- pull ${name}`,
    switched: (name) => `✅ Теперь модель: ${name}`,
  },
  retry: {
    about: 'ещё раз расшифровать то, что не удалось (ответом на голосовое или на мой ответ)',
    sayWhich: 'Какое? Ответьте на голосовое или на мой ответ о неудаче.',
    deleted: 'Голосовое удалено: расшифровывать больше нечего.',
    nothing: 'Здесь нечего повторять: неудачи не было.',
    again: '🔁 Пробую ещё раз; текст появится в ответе на голосовое.',
    underWay: '👌 Уже в работе.',
  },
  status: {
    about: 'состояние программы',
    title: (version) => `🎙 Gramscribe ${version}`,
    units: ['д', 'ч', 'мин', 'с'],
    uptime: (time) => `⏱ Работаю ${time}`,
    model: (name, running) => `🧠 Модель: ${name} (${running ? 'в памяти' : 'выгружена'})`,
    threads: (count) => `💻 Потоков CPU: ${count}`,
    tracked: (count) => `👥 Отслеживаемых пользователей: ${count}`,
    queue: (waiting, active, delayed) => `📥 Очередь: ждут ${waiting}, в работе ${active}, ждут повтора ${delayed}`,
    outcomes: (text, silent, failed) => `📝 Голосовых: расшифровано ${text}, без речи ${silent}, не удалось ${failed}`,
    deadLetters: (count) =>
      count === 0 ? '📭 Безнадёжных неудач нет' : `📭 Так и не удалось: ${count}. Ответьте на такое .retry или на сервере: npm run jobs`,
    sent: (minute, hour, queued) =>
      `📤 Отправлено: за минуту ${minute}, за час ${hour}${queued === 0 ? '' : `; ждут очереди ${queued}`}`,
    waits: (waits) => `⏳ Telegram просит подождать: ${waits}`,
    wait: (what, where, time) => `${what}${where === undefined ? '' : ` ${where}`} ${time}`,
    waitKinds: {
      write: 'с сообщениями',
      send: 'с отправкой',
      delete: 'с удалением',
      typing: 'с «печатает»',
      read: 'с чтением',
      find: 'с поиском людей',
      download: 'с загрузкой',
      updates: 'с обновлениями',
      search: 'с поиском',
    },
    chatKinds: { user: 'в личном чате', group: 'в группе', channel: 'в супергруппе' },
    refusedChats: (count) => `🚫 Чатов, куда мне нельзя писать: ${count}`,
    incidents: (messages, commands, jobs) =>
      `🩹 Ошибок пережито: с сообщениями ${messages}, с командами ${commands}, с голосовыми ${jobs} (какие — в журнале)`,
    reconnects: (count) => `🔄 Переподключений: ${count}`,
    proxy: (name) => `🧭 Через прокси ${name}`,
    memory: (mebibytes) => `🗄 Память демона: ${mebibytes} МиБ`,
  },
};
