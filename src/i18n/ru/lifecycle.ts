import type { lifecycle as en } from '../en/lifecycle.js';

export const lifecycle: typeof en = {
  starting: '🚀 Запускаю голосового транскрибера...',
  threads: (count) => `💻 CPU потоков: ${count}`,
  model: (name) => `🧠 Модель: ${name}`,
  trackedUsers: (count) => `👥 Отслеживаемых пользователей: ${count}`,
  connecting: '🔄 Подключаюсь к Telegram...',
  connected: '✅ Подключено к Telegram',
  running: '✅ Бот запущен!',
  networkError: (reason) => `⚠️ Сетевая ошибка: ${reason}`,
  reconnecting: (seconds) => `🔄 Переподключение через ${seconds} секунд...`,
  proxyFailed: (proxy, reason, seconds) =>
    `⚠️ Прокси ${proxy} не ведёт к Telegram: ${reason}. Пропускаю его ${seconds} с`,
  signalReceived: (name) => `🛑 Получен сигнал ${name}`,
  stopping: '🛑 Остановка по запросу...',
  disconnected: '🛑 Отключен от Telegram',
  stopped: '✅ Голосовой транскрибер остановлен корректно',
  stoppedWithErrors: '⚠️ Голосовой транскрибер остановлен, но не всё завершилось корректно (см. строки выше)',
  accountStopped: (code) =>
    `⛔ Telegram больше не принимает эту сессию (${code}). Аккаунт остановлен, сохранённая сессия не тронута. ` +
    'Войдите заново: `npm run login`.',
  noSession:
    'Сессии Telegram пока нет. Войдите командой `npm run login` (нужен терминал) или посмотрите программу без ' +
    'аккаунта: `npm run demo`.',
  noApiCredentials:
    'Не заданы TELEGRAM_API_ID и TELEGRAM_API_HASH. Получите их на https://my.telegram.org и впишите в .env ' +
    '(см. .env.example). Посмотреть программу без аккаунта: `npm run demo`.',
  noModel: (name) => `Модели ${name} здесь нет. Загрузите её: \`npm run model -- pull ${name}\`.`,
  noEngine:
    'Движок распознавания не собран. Запустите `npm start`, он его соберёт, или `npm run doctor`, чтобы узнать, чего не хватает.',
  alreadyRunning: (pid, folder) =>
    `В папке ${folder} уже работает другой Gramscribe (процесс ${pid}). Остановите его или задайте GRAMSCRIBE_DATA с другой папкой.`,
  cannotUseFolder: (folder, why) =>
    `В папку ${folder} нельзя писать (${why}). Дайте этому пользователю права или задайте GRAMSCRIBE_DATA с другой папкой.`,
  redisRefuses: (why) => `Сервер Redis из REDIS_URL не пускает программу (${why}). Исправьте REDIS_URL.`,
  secondSignal: '🛑 Второй сигнал: выхожу немедленно',
  noHealthPort: (port, why) =>
    `⚠️ Страница состояния не может занять порт ${port} (${why}). Всё остальное работает. Задайте GRAMSCRIBE_HEALTH_PORT: другой порт или off.`,
  systemdUnheard: (why) =>
    `⚠️ Не удалось сообщить systemd о состоянии (${why}). Работа продолжается; если в юните задан WatchdogSec, systemd перезапустит программу.`,
  wedged: (reason, seconds) =>
    `⛔ Программа застряла: ${reason}. Поможет только перезапуск; systemd, не получая отметок, сделает его в течение ${seconds} с. Очередь не потеряется.`,
  redisTrouble: (problem) => `Redis: ${problem}`,
};
