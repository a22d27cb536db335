export const lifecycle = {
  starting: '🚀 Starting the voice transcriber...',
  threads: (count: number) => `💻 CPU threads: ${count}`,
  model: (name: string) => `🧠 Model: ${name}`,
  trackedUsers: (count: number) => `👥 Tracked users: ${count}`,
  connecting: '🔄 Connecting to Telegram...',
  connected: '✅ Connected to Telegram',
  running: '✅ The bot is running!',
  networkError: (reason: string) => `⚠️ Network error: ${reason}`,
  reconnecting: (seconds: number) => `🔄 Reconnecting in ${seconds} s...`,
  proxyFailed: (proxy: string, reason: string, seconds: number) =>
    `⚠️ The proxy ${proxy} does not lead to Telegram: ${reason}. It is passed over for ${seconds} s`,
  signalReceived: (name: string) => `🛑 Received signal ${name}`,
  stopping: '🛑 Stopping on request...',
  disconnected: '🛑 Disconnected from Telegram',
  stopped: '✅ The voice transcriber stopped cleanly',
  stoppedWithErrors: '⚠️ The voice transcriber stopped, but not everything ended cleanly (see the lines above)',
  accountStopped: (code: string) =>
    `⛔ Telegram does not accept this session any more (${code}). The account is stopped; the stored session is untouched. ` +
    'Sign in again with `npm run login`.',
  noSession:
    'There is no Telegram session yet. Sign in with `npm run login` (it needs a terminal), or look at the program ' +
    'without an account: `npm run demo`.',
  noApiCredentials:
    'TELEGRAM_API_ID and TELEGRAM_API_HASH are not set. Get them at https://my.telegram.org and put them into .env ' +
    '(see .env.example). To look at the program without an account: `npm run demo`.',
  noModel: (name: string) => `The model ${name} is not here. Get it with \`npm run model -- pull ${name}\`.`,
  noEngine: 'The speech engine is not built. Run `npm start`, which builds it, or `npm run doctor` to see what is missing.',
  alreadyRunning: (pid: number, folder: string) =>
    `Another Gramscribe (process ${pid}) already works in ${folder}. Stop it first, or set GRAMSCRIBE_DATA to another folder.`,
  cannotUseFolder: (folder: string, why: string) =>
    `Nothing can be written to ${folder} (${why}). Give this user the right to, or set GRAMSCRIBE_DATA to another folder.`,
  redisRefuses: (why: string) => `The Redis server of REDIS_URL refuses this program (${why}). Set REDIS_URL right.`,
  secondSignal: '🛑 Second signal: leaving at once',
  noHealthPort: (port: number, why: string) =>
    `⚠️ The health page cannot use port ${port} (${why}). Everything else goes on. Set GRAMSCRIBE_HEALTH_PORT to another port, or to off.`,
  systemdUnheard: (why: string) =>
    `⚠️ systemd could not be told how the daemon is (${why}). It goes on; where the unit has WatchdogSec, systemd will start it anew.`,
  wedged: (reason: string, seconds: number) =>
    `⛔ Stuck: ${reason}. Only a new start helps; systemd, no longer told that all is well, makes it within ${seconds} s. Nothing queued is lost.`,
  redisTrouble: (problem: string) => `Redis: ${problem}`,
};
