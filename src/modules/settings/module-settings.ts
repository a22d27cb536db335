import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../log/logger.js';
import type { Module } from '../contract/define-module.js';
import type { SettingDefinition } from '../contract/setting-definition.js';
import { fitsValue } from '../values/fits-value.js';
import { recordOf, valueOfRecord } from './setting-record.js';
import type { SecretSeal, SettingsStore } from './settings-ports.js';

export type SettingValues = Readonly<Record<string, unknown>>;

/** One setting as it stands. */
export interface SettingState {
  key: string;
  definition: SettingDefinition;
  /** What was chosen, else the default. */
  value: unknown;
  isChosen: boolean;
  /** It was chosen, and counts only after the daemon was started anew. */
  afterRestart: boolean;
}

/** What a change made of one setting. */
export interface SettingChange {
  key: string;
  definition: SettingDefinition;
  before: unknown;
  after: unknown;
}

export interface ModuleSettingsDependencies {
  accountId: string;
  store: SettingsStore;
  seal: SecretSeal;
  /** Tells the module, where it is on; rejects where it does not take them. */
  announce: (module: Module, settings: SettingValues, signal: AbortSignal) => Promise<void>;
  log: Logger;
}

/** The settings of one module: what was chosen, and what counts now. */
export class ModuleSettings {
  readonly view: SettingValues;
  readonly #module: Module;
  readonly #deps: ModuleSettingsDependencies;
  #chosen: SettingValues = {};
  #live: SettingValues;
  #last: Promise<unknown> = Promise.resolve();

  constructor(module: Module, deps: ModuleSettingsDependencies) {
    this.#module = module;
    this.#deps = deps;
    this.#live = this.#defaults();
    this.view = liveView(Object.keys(module.settings), () => this.#live);
  }

  /** Reads what was chosen. What cannot be read, or fits no longer, is as if it had not been; the log says so. */
  async load(): Promise<void> {
    const { accountId, store, seal, log } = this.#deps;
    const { name, settings } = this.#module;
    const records = await store.read(name);
    const chosen: Record<string, unknown> = {};
    for (const [key, definition] of Object.entries(settings)) {
      const record = Object.hasOwn(records, key) ? records[key] : undefined;
      if (record === undefined) continue;
      const value = await valueOfRecord(definition, record, seal, this.#purpose(key));
      if (value !== undefined) chosen[key] = value;
      else log.warn({ account: accountId, module: name, setting: key }, 'a stored setting cannot be used; its default counts');
    }
    this.#chosen = chosen;
    this.#live = { ...this.#defaults(), ...chosen };
  }

  states(): readonly SettingState[] {
    return Object.entries(this.#module.settings).map(([key, definition]) => {
      const value = this.#valueOf(key);
      return { key, definition, value, isChosen: Object.hasOwn(this.#chosen, key), afterRestart: !isDeepStrictEqual(value, this.#live[key]) };
    });
  }

  /**
   * Changes settings, all of them or none: `wish` gets them as they stand, with no other change in between, and says the new
   * values (undefined resets one). The module is asked first and then it is stored, so what is on record is always what
   * the module has taken. Resolves with what is different now.
   */
  async change(wish: (states: readonly SettingState[]) => SettingValues, signal: AbortSignal): Promise<readonly SettingChange[]> {
    const turn = this.#last.then(() => this.#change(wish(this.states()), signal));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #change(wanted: SettingValues, signal: AbortSignal): Promise<readonly SettingChange[]> {
    signal.throwIfAborted();
    const changes = Object.entries(wanted).map(([key, value]) => this.#changeOf(key, value));
    const chosen = Object.fromEntries(Object.entries({ ...this.#chosen, ...wanted }).filter(([, value]) => value !== undefined));
    const at = this.#live;
    const live = { ...at, ...Object.fromEntries(changes.filter(({ definition }) => definition.restart !== true).map(({ key, after }) => [key, after])) };
    const isNews = !isDeepStrictEqual(live, at);
    if (isNews) await this.#take(live, at, signal);
    try {
      await this.#store(wanted);
    } catch (error) {
      if (isNews) await this.#takeBack(at, signal);
      throw error;
    }
    this.#chosen = chosen;
    return changes.filter(({ before, after }) => !isDeepStrictEqual(before, after));
  }

  #changeOf(key: string, value: unknown): SettingChange {
    const definition = Object.hasOwn(this.#module.settings, key) ? this.#module.settings[key] : undefined;
    if (definition === undefined) throw new TypeError(`${this.#module.name} has no setting ${key}`);
    if (value !== undefined && !fitsValue(definition, value)) throw new TypeError(`the setting ${key} of ${this.#module.name} does not take that`);
    return { key, definition, before: this.#valueOf(key), after: value ?? definition.default };
  }

  /** The module sees the new settings while it is asked, and the old ones again where it does not take them. */
  async #take(live: SettingValues, before: SettingValues, signal: AbortSignal): Promise<void> {
    this.#live = live;
    try {
      await this.#deps.announce(this.#module, Object.freeze({ ...live }), signal);
    } catch (error) {
      this.#live = before;
      throw error;
    }
  }

  async #takeBack(live: SettingValues, signal: AbortSignal): Promise<void> {
    const { log, announce, accountId } = this.#deps;
    this.#live = live;
    try {
      await announce(this.#module, Object.freeze({ ...live }), signal);
    } catch (error) {
      log.warn({ err: error, account: accountId, module: this.#module.name }, 'a module does not take its former settings back; they count after a restart');
    }
  }

  async #store(wanted: SettingValues): Promise<void> {
    const { settings, name } = this.#module;
    const records = await Promise.all(
      Object.entries(wanted).map(async ([key, value]) => {
        const definition = settings[key];
        const record = value === undefined || definition === undefined ? undefined : await recordOf(definition, value, this.#deps.seal, this.#purpose(key));
        return [key, record] as const;
      }),
    );
    if (records.length > 0) await this.#deps.store.write(name, Object.fromEntries(records));
  }

  #valueOf(key: string): unknown {
    return Object.hasOwn(this.#chosen, key) ? this.#chosen[key] : this.#module.settings[key]?.default;
  }

  #defaults(): SettingValues {
    return Object.fromEntries(Object.entries(this.#module.settings).map(([key, definition]) => [key, definition.default]));
  }

  #purpose(key: string): string {
    return `setting ${this.#deps.accountId} ${this.#module.name} ${key}`;
  }
}

/** Each setting as it is at the moment it is read; nobody can write to it. */
function liveView(keys: readonly string[], live: () => SettingValues): SettingValues {
  const view = {};
  for (const key of keys) Object.defineProperty(view, key, { enumerable: true, get: () => live()[key] });
  return Object.freeze(view);
}
