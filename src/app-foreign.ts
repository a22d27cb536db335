import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Config } from './config/load-config.js';
import { textsFor } from './i18n/texts.js';
import type { Logger } from './log/logger.js';
import type { AuditLog } from './modules/access/audit-log.js';
import { startConfinedProgram } from './modules/boundary/start-confined-program.js';
import { loaderModule } from './modules/builtin/loader/loader-module.js';
import type { Module } from './modules/contract/define-module.js';
import type { ModuleLanguage } from './modules/contract/localized.js';
import { ForeignModules } from './modules/foreign/foreign-modules.js';
import { PackageStore } from './modules/foreign/package-store.js';
import { pinnedModuleSchema } from './modules/foreign/pinned-module.js';
import type { ModuleDirectory } from './modules/host/module-directory.js';
import { ForeignModuleStore } from './store/foreign-modules.js';

export interface ForeignOptions {
  accountId: string;
  config: Pick<Config, 'dataDir' | 'modulesDir'>;
  redis: Redis;
  audit: AuditLog;
  /** The account's host; asked for only when something is done, since the loader is one of its modules. */
  directory: () => ModuleDirectory;
  /** What the account's owner reads. */
  language: () => ModuleLanguage;
  /** Tells the owner in Saved Messages; never rejects. */
  tell: (text: string) => void;
  nowMs: () => number;
  log: Logger;
}

/** Modules of somebody else in one account, and the module by whose commands the owner lets them in. Started after the host. */
export function createForeignModules(options: ForeignOptions): { foreign: ForeignModules; loader: Module } {
  const { accountId, config, redis, audit, directory, language, tell, nowMs, log } = options;
  const foreign = new ForeignModules({
    directory: {
      find: (name) => directory().find(name),
      list: () => directory().list(),
      add: (module, signal) => directory().add(module, signal),
      remove: (name) => directory().remove(name),
      halt: (name, why) => directory().halt(name, why),
    },
    pins: new ForeignModuleStore(redis, accountId, pinnedModuleSchema),
    packages: new PackageStore(join(config.dataDir, 'modules')),
    startProgram: startConfinedProgram,
    allowedFolder: config.modulesDir,
    language,
    tell,
    texts: (wanted) => textsFor(wanted).foreignModules,
    nowMs,
    log: log.child({ component: 'foreign-modules' }),
  });
  return { foreign, loader: loaderModule({ modules: foreign, audit, words: (wanted) => textsFor(wanted).foreignModules }) };
}
