import { accountStopKind, type AccountStopKind } from '../account-stop-kind.js';

const STOP_ADVICE: Record<AccountStopKind, string> = {
  'signed-out': 'It was ended: in Settings → Devices, by a change of the password, or by Telegram. Sign in anew with `npm run login`.',
  duplicated: 'It was used from two places at once. Find the other one and stop it, then sign in anew with `npm run login`.',
  deactivated: 'The account is deleted or banned: only Telegram can help, https://telegram.org/support. Then sign in anew with `npm run login`.',
  frozen: 'The account is frozen: a Telegram app says why and how to appeal. Then sign in anew with `npm run login`.',
  moved: 'The account lives at another data centre now. Sign in anew with `npm run login`.',
};

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
  waitingAsTold: (seconds: number) => `⏳ Telegram asks to wait: reconnecting in ${seconds} s, not sooner`,
  reachable: '🌐 Telegram can be reached: connecting at once',
  stoodStill: (seconds: number) => `⏰ This machine stood still for ${seconds} s: connecting at once`,
  startingOver: (connects: number) =>
    `🔧 ${connects} connects in a row failed though Telegram can be reached: the next one begins from scratch`,
  leaving: (minutes: number) =>
    `🔁 Connecting fails for ${minutes} min though Telegram can be reached: leaving with status 75, to be started anew`,
  leaseHeld: (holder: string, seconds: number) =>
    `⏳ ${holder} worked with this account and may be gone: waiting up to ${seconds} s for its lease to run out`,
  leaseLapsed: (seconds: number) =>
    `⚠️ Redis has not confirmed for ${seconds} s that only this process works with the account: offline until it does`,
  leaseBack: '🔐 This process is the only one with this account again',
  leaseHolder: (pid: number, host: string, version: string, since: string) =>
    `process ${pid} on ${host} (version ${version}, since ${since})`,
  accountInUse: (holder: string) =>
    `⛔ Another Gramscribe already works with this account: ${holder}. Two at once would end the session. Stop one of them.`,
  proxyFailed: (proxy: string, reason: string, seconds: number) =>
    `⚠️ The proxy ${proxy} does not lead to Telegram: ${reason}. Others are tried before it for ${seconds} s`,
  signalReceived: (name: string) => `🛑 Received signal ${name}`,
  stopping: '🛑 Stopping on request...',
  stopRequested: '🛑 Stopping: the owner typed .stop',
  restartRequested: '🔄 Leaving with status 75, to be started anew: the owner typed .restart',
  disconnected: '🛑 Disconnected from Telegram',
  stopped: '✅ The voice transcriber stopped cleanly',
  stoppedWithErrors: '⚠️ The voice transcriber stopped, but not everything ended cleanly (see the lines above)',
  accountStopped: (code: string) =>
    `⛔ Telegram does not accept this session any more (${code}). ${STOP_ADVICE[accountStopKind(code)]} ` +
    'The account stays stopped until then; the stored session is untouched.',
  stopAdvice: (code: string) => STOP_ADVICE[accountStopKind(code)],
  accountStaysStopped: (code: string, since: string) =>
    `⛔ Telegram refused this session on ${since} (${code}) and is not asked again. ${STOP_ADVICE[accountStopKind(code)]}`,
  noSession:
    'There is no Telegram session yet. Sign in with `npm run login` (it needs a terminal), or look at the program ' +
    'without an account: `npm run demo`.',
  noApiCredentials:
    'TELEGRAM_API_ID and TELEGRAM_API_HASH are not set. Get them at https://my.telegram.org and put them into .env ' +
    '(see .env.example). To look at the program without an account: `npm run demo`.',
  noModel: (name: string) => `The model ${name} is not here. Get it with \`npm run model -- pull ${name}\`.`,
  noEngine: 'The speech engine is not built. Run `npm start`, which builds it, or `npm run doctor` to see what is missing.',
  audioLeaves: (host: string) =>
    `🌍 The engine openai is switched on: the audio of voice messages leaves this machine, for ${host}`,
  keyInTheOpen: (host: string) =>
    `⚠️ GRAMSCRIBE_OPENAI_URL is http: key and audio go to ${host} for everybody on the way to read. Use https.`,
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
  probeStands: (minutes: number) => `connected, but Telegram has been asked nothing for ${minutes} min`,
  redisTrouble: (problem: string) => `Redis: ${problem}`,
};
