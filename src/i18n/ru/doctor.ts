import type { doctor as en } from '../en/doctor.js';

export const doctor: typeof en = {
  nameWidth: 13,
  notFound: 'не найден',
  byteUnits: ['Б', 'КиБ', 'МиБ', 'ГиБ', 'ТиБ'],
  decimal: (number) => number.replace('.', ','),
  allWell: 'Всё в порядке: `npm start`',
  failures: (count) => `Осталось сделать: ${count}, см. → выше`,
  node: { tooOld: (wanted) => `Установите Node.js ${wanted} или новее: https://nodejs.org/en/download` },
  ffmpeg: {
    decodes: (version, formats) => `${version}, читает ${formats}`,
    cannotDecode: (version, formats) => `${version} не читает ${formats}`,
    install: 'sudo apt-get install ffmpeg (macOS: brew install ffmpeg)',
  },
  redis: {
    own: (version) => `${version}, его запускает сама программа`,
    given: (version) => `${version} (REDIS_URL), хранит данные, ничего не вытесняет`,
    unsafe: (version) => `${version} (REDIS_URL) может потерять задания`,
    unreachable: (reason) => `сервер из REDIS_URL не отвечает: ${reason}`,
    checkUrl: 'Запущен ли он, верны ли адрес и пароль в REDIS_URL?',
    install: 'sudo apt-get install redis-server (macOS: brew install redis) или назовите сервер в REDIS_URL',
  },
  engine: {
    name: 'Движок речи',
    notBuilt: 'не собран',
    build: 'npm start (соберёт его)',
    doesNotRun: (build) => `${build} на этом процессоре не работает`,
    rebuild: 'Удалите папку engine из папки кэша, затем: npm start',
  },
  model: {
    name: 'Модель речи',
    missing: (name) => `${name}: здесь её нет`,
    whole: (model) => `${model}, контрольная сумма сходится`,
    ownModel: (model) => `${model}, не из известных: контрольная сумма не проверяется`,
    damaged: (model) => `${model}: не сходится контрольная сумма`,
    pull: (name) => `npm run model -- pull ${name}`,
  },
  detector: {
    name: 'Детектор речи',
    missing: 'модели Silero нет; речь ищется по громкости, это менее точно',
  },
  disk: {
    name: 'Диск',
    free: (folder, size) => `${size} свободно в ${folder}`,
    makeRoom: 'Освободите место: моделям нужно от 75 МиБ до 3 ГиБ, и ещё немного звуку',
  },
  clock: {
    name: 'Часы',
    off: (seconds) => (seconds === 0 ? 'точны до секунды' : `${seconds > 0 ? 'спешат' : 'отстают'} на ${Math.abs(seconds)} с`),
    noDate: 'не проверены: сервер Telegram не сообщил время',
    noNetwork: 'не проверены: нет сети',
    synchronise: 'Включите синхронизацию времени: sudo timedatectl set-ntp true',
  },
  credentials: {
    name: 'Telegram API',
    set: 'id и hash заданы',
    missing: (names) => `не задано: ${names}`,
    get: 'Получите их на https://my.telegram.org (API development tools) и впишите в .env',
  },
  session: {
    name: 'Сессия',
    opens: 'сохранена и открывается',
    none: 'входа ещё не было',
    sealed: 'сохранена, но не открывается',
    signIn: 'npm run login',
  },
};
