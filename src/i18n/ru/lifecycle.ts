import { accountStopKind, type AccountStopKind } from '../account-stop-kind.js';
import type { lifecycle as en } from '../en/lifecycle.js';

const STOP_ADVICE: Record<AccountStopKind, string> = {
  'signed-out': 'Её завершили: в «Настройки → Устройства», сменой пароля или сам Telegram. Войдите заново: `npm run login`.',
  duplicated: 'Её использовали из двух мест сразу. Найдите второе и остановите, затем войдите заново: `npm run login`.',
  deactivated: 'Аккаунт удалён или заблокирован: поможет только Telegram, https://telegram.org/support. Затем войдите заново: `npm run login`.',
  frozen: 'Аккаунт заморожен: приложение Telegram покажет причину и как её обжаловать. Затем войдите заново: `npm run login`.',
  moved: 'Аккаунт переехал в другой дата-центр. Войдите заново: `npm run login`.',
};

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
  waitingAsTold: (seconds) => `⏳ Telegram просит подождать: переподключение через ${seconds} с, не раньше`,
  reachable: '🌐 Telegram доступен: подключаюсь сразу',
  stoodStill: (seconds) => `⏰ Машина стояла ${seconds} с: подключаюсь сразу`,
  startingOver: (connects) =>
    `🔧 Подряд не удалось подключений: ${connects}, хотя Telegram доступен. Следующее начинаю с чистого листа`,
  leaving: (minutes) =>
    `🔁 Подключиться не удаётся ${minutes} мин, хотя Telegram доступен: выхожу со статусом 75, чтобы меня запустили заново`,
  leaseHeld: (holder, seconds) =>
    `⏳ С этим аккаунтом работал ${holder}; возможно, его уже нет. Жду до ${seconds} с, пока истечёт его аренда`,
  leaseLapsed: (seconds) =>
    `⚠️ Redis ${seconds} с не подтверждает, что с аккаунтом работаю только я: до подтверждения остаюсь без связи`,
  leaseBack: '🔐 С этим аккаунтом снова работаю только я',
  leaseHolder: (pid, host, version, since) => `процесс ${pid} на ${host} (версия ${version}, с ${since})`,
  accountInUse: (holder) =>
    `⛔ С этим аккаунтом уже работает другой Gramscribe: ${holder}. Двое сразу лишатся сессии. Остановите один из них.`,
  proxyFailed: (proxy, reason, seconds) =>
    `⚠️ Прокси ${proxy} не ведёт к Telegram: ${reason}. Следующие ${seconds} с он пробуется после остальных`,
  signalReceived: (name) => `🛑 Получен сигнал ${name}`,
  stopping: '🛑 Остановка по запросу...',
  stopRequested: '🛑 Остановка: владелец набрал .stop',
  restartRequested: '🔄 Выход со статусом 75, чтобы запуститься заново: владелец набрал .restart',
  disconnected: '🛑 Отключен от Telegram',
  stopped: '✅ Голосовой транскрибер остановлен корректно',
  stoppedWithErrors: '⚠️ Голосовой транскрибер остановлен, но не всё завершилось корректно (см. строки выше)',
  accountStopped: (code) =>
    `⛔ Telegram больше не принимает эту сессию (${code}). ${STOP_ADVICE[accountStopKind(code)]} ` +
    'До тех пор аккаунт остановлен; сохранённая сессия не тронута.',
  stopAdvice: (code) => STOP_ADVICE[accountStopKind(code)],
  accountStaysStopped: (code, since) =>
    `⛔ Telegram отказал этой сессии ${since} (${code}), больше я его не спрашиваю. ${STOP_ADVICE[accountStopKind(code)]}`,
  noSession:
    'Сессии Telegram пока нет. Войдите командой `npm run login` (нужен терминал) или посмотрите программу без ' +
    'аккаунта: `npm run demo`.',
  noApiCredentials:
    'Не заданы TELEGRAM_API_ID и TELEGRAM_API_HASH. Получите их на https://my.telegram.org и впишите в .env ' +
    '(см. .env.example). Посмотреть программу без аккаунта: `npm run demo`.',
  noModel: (name) => `Модели ${name} здесь нет. Загрузите её: \`npm run model -- pull ${name}\`.`,
  noEngine:
    'Движок распознавания не собран. Запустите `npm start`, он его соберёт, или `npm run doctor`, чтобы узнать, чего не хватает.',
  audioLeaves: (host: string) =>
    `🌍 Включён движок openai: звук голосовых сообщений уходит с этой машины на ${host}`,
  keyInTheOpen: (host: string) =>
    `⚠️ GRAMSCRIBE_OPENAI_URL начинается с http: ключ и звук идут на ${host} открыто. Нужен https.`,
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
  probeStands: (minutes) => `соединение есть, но Telegram ни о чём не спрашивали уже ${minutes} мин`,
  redisTrouble: (problem) => `Redis: ${problem}`,
};
