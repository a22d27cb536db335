import { withLinkedAbort } from '../../linked-abort.js';
import type { Logger } from '../../log/logger.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { Module } from '../contract/define-module.js';
import type { ModuleDirectory } from '../host/module-directory.js';
import type { SettingsSource } from '../host/settings-source.js';
import { ModuleSettings, type SettingChange, type SettingState, type SettingValues } from './module-settings.js';
import type { SecretSeal, SettingsStore } from './settings-ports.js';

export interface AccountSettingsDependencies {
  accountId: string;
  store: SettingsStore;
  seal: SecretSeal;
  /** Asked when something changes: the directory itself needs the settings. */
  directory: () => Pick<ModuleDirectory, 'find' | 'inModule'>;
  /** What the owner reads where a module failed to take its settings. */
  notTaken: (module: string) => string;
  log: Logger;
}

/** How long a module may think about new settings. */
const ANNOUNCE_MS = 10_000;

/** The settings of all modules of one account. */
export class AccountSettings implements SettingsSource {
  readonly #deps: AccountSettingsDependencies;
  readonly #modules = new Map<string, { module: Module; settings: Promise<ModuleSettings> }>();

  constructor(deps: AccountSettingsDependencies) {
    this.#deps = deps;
  }

  /** As `SettingsSource`; what counted only after a restart counts from here on. */
  async open(module: Module): Promise<SettingValues> {
    this.#modules.delete(module.name);
    return (await this.#of(module)).view;
  }

  async states(module: Module): Promise<readonly SettingState[]> {
    return (await this.#of(module)).states();
  }

  /** As `ModuleSettings.change`; rejects with `CommandRefusal` where the module does not take it, and nothing has changed then. */
  async change(module: Module, wish: (states: readonly SettingState[]) => SettingValues, signal: AbortSignal): Promise<readonly SettingChange[]> {
    const changes = await (await this.#of(module)).change(wish, signal);
    const keys = changes.map(({ key }) => key);
    if (keys.length > 0) this.#deps.log.info({ account: this.#deps.accountId, module: module.name, settings: keys }, 'settings of a module were changed');
    return changes;
  }

  async #of(module: Module): Promise<ModuleSettings> {
    const known = this.#modules.get(module.name);
    if (known?.module === module) return known.settings;
    const settings = this.#load(module);
    this.#modules.set(module.name, { module, settings });
    settings.catch(() => this.#modules.delete(module.name));
    return settings;
  }

  async #load(module: Module): Promise<ModuleSettings> {
    const { accountId, store, seal, log } = this.#deps;
    const settings = new ModuleSettings(module, { accountId, store, seal, announce: (...news) => this.#announce(...news), log });
    await settings.load();
    return settings;
  }

  async #announce(module: Module, settings: SettingValues, signal: AbortSignal): Promise<void> {
    const { directory, notTaken, log } = this.#deps;
    const { settingsChanged, name } = module;
    if (settingsChanged === undefined || directory().find(name)?.state !== 'on') return;
    try {
      // The host made the context by this module's own definition; the list of modules has forgotten the types.
      const announce = (until: AbortSignal): Promise<void> => directory().inModule(name, (ctx) => settingsChanged(settings as never, ctx), until);
      await withLinkedAbort([signal, AbortSignal.timeout(ANNOUNCE_MS)], announce);
    } catch (error) {
      if (error instanceof CommandRefusal || signal.aborted) throw error;
      log.warn({ err: error, module: name }, 'a module failed to take new settings; the former ones stay');
      throw new CommandRefusal(notTaken(name), { cause: error });
    }
  }
}
