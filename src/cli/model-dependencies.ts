import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { DownloadTiming } from '../setup/download.mjs';
import type { DownloadProxies } from '../setup/download-proxies.mjs';
import { usableMemoryBytes } from '../setup/usable-memory.mjs';
import { readTunings } from '../speech/tuning-store.js';
import { askForModel } from '../store/ask-for-model.js';
import type { RuntimeSettings } from '../store/runtime-settings.js';
import { createProgressLine, type ProgressLine } from './progress-line.js';
import { withRedis } from './with-redis.js';
import { withRuntimeSettings } from './with-runtime-settings.js';

export interface ModelDependencies {
  cacheDir: string;
  /** MODEL_BASE_URL */
  mirror: string | undefined;
  proxies: DownloadProxies | undefined;
  timing?: Partial<DownloadTiming>;
  /** How much memory the program may have. */
  memoryBytes: number;
  /** The model in use: the owner's choice where there is one, else the setting. Rejects with `SetupError` without Redis. */
  current: () => Promise<string>;
  /** Writes the owner's choice down. */
  choose: (name: string) => Promise<void>;
  /** Asks the daemon that runs; undefined where none does. */
  ask: (name: string, onHeard: () => void, signal: AbortSignal) => Promise<unknown>;
  /** What was measured on this machine, by the model's name. */
  speeds: () => Promise<ReadonlyMap<string, { realTimeFactor: number }>>;
  texts: Texts['model'];
  print: (line: string) => void;
  progress: ProgressLine;
}

/** What the commands `model …` need of this machine; the owner's choice is read and written where the daemon does. */
export function modelDependencies(
  { config, texts, log }: { config: Config; texts: Texts; log: Logger },
  signal: AbortSignal,
): ModelDependencies {
  const store = { config, log: log.child({}, { level: 'warn' }) };
  const settings = <T>(work: (settings: RuntimeSettings) => Promise<T>): Promise<T> => withRuntimeSettings(store, work, signal);
  return {
    cacheDir: config.cacheDir,
    mirror: config.modelBaseUrl,
    proxies: config.downloadProxies,
    memoryBytes: usableMemoryBytes(),
    current: async () => (await settings((chosen) => chosen.model())) ?? config.model,
    choose: (name) => settings((chosen) => chosen.chooseModel(name)),
    ask: (name, onHeard, stop) => withRedis(store, (redis) => askForModel(name, redis, onHeard, stop), stop),
    speeds: () => readTunings(config.cacheDir),
    texts: texts.model,
    print: (line) => console.log(line),
    progress: createProgressLine(process.stderr),
  };
}
