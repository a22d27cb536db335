import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { RuntimeSettings } from '../store/runtime-settings.js';
import type { ModelDependencies } from './model.js';
import { createProgressLine } from './progress-line.js';
import { withRuntimeSettings } from './with-runtime-settings.js';

export interface ModelCommandDependencies {
  config: Config;
  texts: Texts;
  log: Logger;
}

/** What `model list`, `pull` and `use` need of this machine; the owner's choice is read and written where the daemon does. */
export function modelDependencies({ config, texts, log }: ModelCommandDependencies, signal: AbortSignal): ModelDependencies {
  const settings = <T>(work: (settings: RuntimeSettings) => Promise<T>): Promise<T> =>
    withRuntimeSettings({ config, log: log.child({}, { level: 'warn' }) }, work, signal);
  return {
    cacheDir: config.cacheDir,
    mirror: config.modelBaseUrl,
    proxies: config.downloadProxies,
    current: async () => (await settings((chosen) => chosen.model())) ?? config.model,
    choose: (name) => settings((chosen) => chosen.chooseModel(name)),
    texts: texts.model,
    print: (line) => console.log(line),
    progress: createProgressLine(process.stderr),
  };
}
