import { isProxyLink } from '../setup/download-proxies.mjs';
import { isPrefix } from '../modules/command-line/is-prefix.js';
import { accepted, backlogPolicy, boolean, byteSize, choice, choices, duration, hasCredentials, integer, isWebAddress, languages, matching, portOrOff, probabilityOrOff, proxyLinks, redisAddress, text, type ValueType, vocabularyWords } from './value-types.js';

/** One setting as the environment gives it. `fallback` is written as a person would write it. */
export interface Setting<T> {
  variable: string;
  type: ValueType<T>;
  fallback?: string;
  /** Never shown, logged or echoed, not even in an error about it. */
  secret?: true;
  section: Section;
  description: string;
}

export const sections = ['Telegram', 'Session', 'Program', 'Redis', 'Speech', 'Voice messages', 'Modules', 'Tests'] as const;
export type Section = (typeof sections)[number];

function required<T>(setting: Setting<T> & { fallback: string }): Setting<T> & { fallback: string } {
  return setting;
}

function optional<T>(setting: Omit<Setting<T>, 'fallback'>): Setting<T> & { fallback?: never } {
  return setting;
}

const MODEL_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Every setting there is. `.env.example` and docs/config.md are made from this table by `gramscribe docs`. */
export const settings = {
  apiId: optional({
    variable: 'TELEGRAM_API_ID',
    type: integer(1, 2 ** 31 - 1),
    section: 'Telegram',
    description: 'The api_id of your application, from https://my.telegram.org (API development tools).',
  }),
  apiHash: optional({
    variable: 'TELEGRAM_API_HASH',
    type: matching(/^[0-9a-f]{32}$/i, '32 hexadecimal digits'),
    secret: true,
    section: 'Telegram',
    description: 'The api_hash that belongs to the api_id.',
  }),
  pace: required({
    variable: 'GRAMSCRIBE_PACE',
    type: choice(['careful', 'normal', 'off']),
    fallback: 'normal',
    section: 'Telegram',
    description:
      'How fast messages and edits go out. normal: short bursts, then one a second at most, 20 a minute in a group. ' +
      'careful: a third of that. off: no limits but those that Telegram asks for.',
  }),
  proxies: optional({
    variable: 'GRAMSCRIBE_PROXY',
    type: proxyLinks(),
    secret: true,
    section: 'Telegram',
    description:
      'Proxies to Telegram (SOCKS5, MTProxy), in order of preference: links separated by spaces or commas. Where set, nothing ' +
      'goes to Telegram around them. Downloads of models are no Telegram traffic and do not use them.',
  }),
  reconnectFirstMs: required({
    variable: 'GRAMSCRIBE_RECONNECT_FIRST',
    type: duration(100, 10 * MINUTE_MS),
    fallback: '5s',
    section: 'Telegram',
    description:
      'How long to wait before connecting again, doubled with each failure. The wait ends early when Telegram can be reached ' +
      'again; one that Telegram asked for does not.',
  }),
  reconnectMaxMs: required({
    variable: 'GRAMSCRIBE_RECONNECT_MAX',
    type: duration(100, HOUR_MS),
    fallback: '5m',
    section: 'Telegram',
    description: 'The longest wait before connecting again.',
  }),
  reconnectJitterPercent: required({
    variable: 'GRAMSCRIBE_RECONNECT_JITTER',
    type: integer(0, 100),
    fallback: '20',
    section: 'Telegram',
    description: 'Up to this share of each wait, in percent, is left out at random.',
  }),
  reconnectStableMs: required({
    variable: 'GRAMSCRIBE_RECONNECT_STABLE',
    type: duration(1000, HOUR_MS),
    fallback: '1m',
    section: 'Telegram',
    description: 'After a connection that held this long, waits begin with the first one again.',
  }),
  reconnectLeaveAfterMs: required({
    variable: 'GRAMSCRIBE_RECONNECT_LEAVE_AFTER',
    type: duration(1000, 24 * HOUR_MS),
    fallback: '30m',
    section: 'Telegram',
    description:
      'Where connecting fails for this long although Telegram can be reached, the daemon leaves with status 75, to be started anew.',
  }),
  telegramSession: optional({
    variable: 'TELEGRAM_SESSION',
    type: text(),
    secret: true,
    section: 'Session',
    description: 'A GramJS string session, for those who have one. Better: `npm run login`, which keeps it sealed.',
  }),
  sessionPassphrase: optional({
    variable: 'SESSION_PASSPHRASE',
    type: text(),
    secret: true,
    section: 'Session',
    description: 'Seals the stored session. Without it a key file with mode 0600 is made beside the session.',
  }),
  dataDir: required({
    variable: 'GRAMSCRIBE_DATA',
    type: text(),
    fallback: 'data',
    section: 'Program',
    description: 'The one folder that everything is written to: session, Redis files, temporary audio.',
  }),
  modulesDir: optional({
    variable: 'GRAMSCRIBE_MODULES_DIR',
    type: text(),
    section: 'Program',
    description: 'The folder from which .loadmod may load a module of somebody else by its path. Without it only a file that was sent in a chat can be loaded.',
  }),
  language: optional({
    variable: 'GRAMSCRIBE_LANG',
    type: choice(['en', 'ru']),
    section: 'Program',
    description: 'Language of the log and of the texts in chats. Without it: taken from LANG, else English.',
  }),
  prefix: required({
    variable: 'GRAMSCRIBE_PREFIX',
    type: accepted(isPrefix, 'one to three signs, no letters, digits, spaces, quotes, @ or #'),
    fallback: '.',
    section: 'Program',
    description:
      'What commands in chats begin with, until `.setprefix` chooses something else. Another value here than before undoes that choice: ' +
      'the way back where it was forgotten.',
  }),
  logLevel: required({
    variable: 'LOG_LEVEL',
    type: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace']),
    fallback: 'info',
    section: 'Program',
    description: 'How much is logged.',
  }),
  logFormat: required({
    variable: 'LOG_FORMAT',
    type: choice(['pretty', 'json']),
    fallback: 'pretty',
    section: 'Program',
    description: 'json gives one JSON object a line where the output is not a terminal.',
  }),
  healthPort: required({
    variable: 'GRAMSCRIBE_HEALTH_PORT',
    type: portOrOff(),
    fallback: '8477',
    section: 'Program',
    description: 'Where `/healthz` and `/readyz` answer, on 127.0.0.1 alone. A second daemon on the machine needs another one.',
  }),
  redisUrl: optional({
    variable: 'REDIS_URL',
    type: redisAddress(),
    secret: true,
    section: 'Redis',
    description: 'A Redis server of your own. Without it the daemon runs one under its data folder.',
  }),
  model: required({
    variable: 'GRAMSCRIBE_MODEL',
    type: matching(MODEL_NAME, 'a model name such as base, small or large-v3-turbo'),
    fallback: 'base',
    section: 'Speech',
    description: 'The Whisper model at the first start; later `.model NAME` in a chat or `npm run model` changes it.',
  }),
  modelBaseUrl: optional({
    variable: 'MODEL_BASE_URL',
    type: accepted(isWebAddress, 'an http or https address'),
    section: 'Speech',
    description: 'A mirror to download models from: files named ggml-NAME.bin. Without it: Hugging Face.',
  }),
  modelProxy: optional({
    variable: 'MODEL_PROXY',
    type: accepted(isProxyLink, 'http://USER:PASSWORD@HOST:PORT, https://… or socks5://…'),
    secret: true,
    section: 'Speech',
    description: 'A proxy to download models through. Without it: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as other programs read them.',
  }),
  threads: required({
    variable: 'GRAMSCRIBE_THREADS',
    type: integer(0, 256),
    fallback: '0',
    section: 'Speech',
    description: 'CPU threads of the engine. 0: as many as this machine (or container) allows.',
  }),
  speechLanguage: required({
    variable: 'GRAMSCRIBE_SPEECH_LANGUAGE',
    type: languages(),
    fallback: 'auto',
    section: 'Speech',
    description:
      'What is spoken. A fixed language is faster and never guessed wrong; of several, it is found out which. `.lang` in a chat ' +
      'chooses otherwise for a chat or a person.',
  }),
  vocabulary: optional({
    variable: 'GRAMSCRIBE_VOCABULARY',
    type: vocabularyWords(),
    section: 'Speech',
    description: 'Names and jargon that are spoken, with commas between them: they are then written so. `.vocab` in a chat adds to them.',
  }),
  markUnsure: required({
    variable: 'GRAMSCRIBE_MARK_UNSURE',
    type: probabilityOrOff(),
    fallback: 'off',
    section: 'Speech',
    description: 'Words that the model finds less likely than this are marked, [so?]. off: none are.',
  }),
  maxWindowMs: required({
    variable: 'GRAMSCRIBE_WINDOW',
    type: duration(5000, 30_000),
    fallback: '30s',
    section: 'Speech',
    description: 'The longest piece of speech that the engine hears at once; cuts are made at pauses.',
  }),
  engineIdleMs: required({
    variable: 'GRAMSCRIBE_ENGINE_IDLE',
    type: duration(1000, 24 * HOUR_MS),
    fallback: '10m',
    section: 'Speech',
    description: 'After this time without work the model leaves memory; the next voice loads it again.',
  }),
  engineDir: optional({
    variable: 'GRAMSCRIBE_ENGINE_DIR',
    type: text(),
    section: 'Speech',
    description: 'A folder with whisper-server built elsewhere (the Docker image sets it). Without it: the cache folder.',
  }),
  engines: required({
    variable: 'GRAMSCRIBE_ENGINE',
    type: choices(['whisper.cpp', 'openai', 'whisper-node']),
    fallback: 'whisper.cpp',
    section: 'Speech',
    description:
      'What turns speech into text. whisper.cpp runs on this machine. openai is any server with the transcription API of ' +
      'OpenAI: the audio leaves this machine for it. whisper-node is the npm package of that name, on this machine, slower. ' +
      'Of several, such as `whisper.cpp,openai`, the first works and the next where it cannot.',
  }),
  openAiUrl: optional({
    variable: 'GRAMSCRIBE_OPENAI_URL',
    type: accepted((address) => isWebAddress(address) && !hasCredentials(address), 'an http or https address without a password in it'),
    section: 'Speech',
    description: 'Engine openai: the base of its API, such as https://api.openai.com/v1, or that of a server of your own.',
  }),
  openAiKey: optional({
    variable: 'GRAMSCRIBE_OPENAI_KEY',
    type: matching(/^[\x21-\x7e]+$/, 'a key, which has no spaces in it'),
    secret: true,
    section: 'Speech',
    description: 'Engine openai: the key, where the server wants one.',
  }),
  openAiModel: required({
    variable: 'GRAMSCRIBE_OPENAI_MODEL',
    type: matching(/^\S{1,100}$/, 'the name of a model such as whisper-1'),
    fallback: 'whisper-1',
    section: 'Speech',
    description: 'Engine openai: the model. Those of the gpt family give plain text alone: no times within a window, no doubt.',
  }),
  whisperNodeDir: optional({
    variable: 'GRAMSCRIBE_WHISPER_NODE_DIR',
    type: text(),
    section: 'Speech',
    description: 'Engine whisper-node: the folder into which `npm install --prefix` put it. Without it: whisper-node in the cache folder.',
  }),
  transcribeOwn: required({
    variable: 'GRAMSCRIBE_TRANSCRIBE_OWN',
    type: boolean(),
    fallback: 'false',
    section: 'Voice messages',
    description: 'Also write down the voice messages that you send yourself.',
  }),
  backlog: required({
    variable: 'GRAMSCRIBE_BACKLOG',
    type: backlogPolicy(),
    fallback: '24h',
    section: 'Voice messages',
    description:
      'What becomes of voices that came while the daemon was away (2 minutes and more before it saw them). A duration: ' +
      'those younger than it are answered, older ones are set aside. all: all are answered. ask: you are asked in Saved ' +
      'Messages. record: they are written down and kept, and nothing is said in the chat. `.backlog` shows what is set aside.',
  }),
  concurrency: required({
    variable: 'GRAMSCRIBE_CONCURRENCY',
    type: integer(1, 16),
    fallback: '2',
    section: 'Voice messages',
    description: 'Voices in work at once: one is transcribed while others download, decode or reply. Of several, one is always a short one (up to a minute).',
  }),
  maxFileBytes: required({
    variable: 'GRAMSCRIBE_MAX_FILE',
    type: byteSize(1000, 4 * 1024 ** 3),
    fallback: '200MB',
    section: 'Voice messages',
    description: 'Larger files are refused before the download, and the answer names this limit.',
  }),
  maxAudioMs: required({
    variable: 'GRAMSCRIBE_MAX_AUDIO',
    type: duration(1000, 24 * HOUR_MS),
    fallback: '2h',
    section: 'Voice messages',
    description: 'Longer audio is refused: before the download, by the length that Telegram tells, or where that is not true, when so much has been decoded.',
  }),
  quoteAboveLength: required({
    variable: 'GRAMSCRIBE_QUOTE_ABOVE',
    type: integer(0, 4096),
    fallback: '300',
    section: 'Voice messages',
    description: 'Texts longer than this many characters are sent as a collapsed quote.',
  }),
  progressAfterMs: required({
    variable: 'GRAMSCRIBE_PROGRESS_AFTER',
    type: duration(1000, HOUR_MS),
    fallback: '10s',
    section: 'Voice messages',
    description: 'A transcription that takes longer shows a message with its progress, which becomes the text.',
  }),
  dangerousModules: optional({
    variable: 'DANGEROUS_MODULES',
    type: choices(['evaluate', 'terminal']),
    section: 'Modules',
    description:
      'Modules that are not there unless named here. evaluate: `.e` runs JavaScript, apart from everything. terminal: `.terminal` runs ' +
      'programs of this machine as the user of the daemon; whoever has your Telegram has them too.',
  }),
  terminalShell: required({
    variable: 'TERMINAL_SHELL',
    type: boolean(),
    fallback: 'false',
    section: 'Modules',
    description: 'Module terminal: `.sh` hands a line to /bin/sh. Without it a program gets its arguments as they are typed, and no shell is started.',
  }),
  terminalDir: optional({
    variable: 'TERMINAL_DIR',
    type: text(),
    section: 'Modules',
    description: 'Module terminal: the folder that programs work in; never within the data folder. Without it: one of its own among the temporary files.',
  }),
  terminalMaxMs: required({
    variable: 'TERMINAL_MAX_TIME',
    type: duration(1000, 24 * HOUR_MS),
    fallback: '10m',
    section: 'Modules',
    description: 'Module terminal: the longest that a program may run; `.config terminal deadline` chooses less.',
  }),
  testDc: optional({
    variable: 'TELEGRAM_TEST_DC',
    type: text(),
    section: 'Tests',
    description: 'Tests only: addresses of local data centres, host:port of DC 2, then 4=host:port. Loopback alone.',
  }),
  testDcKey: optional({
    variable: 'TELEGRAM_TEST_DC_KEY',
    type: text(),
    section: 'Tests',
    description: 'Tests only: path of the RSA public key (PEM) of the local data centres.',
  }),
} satisfies Record<string, Setting<unknown>>;
