import { CommandRefusal, type Module } from '../../contract/index.js';
import { nearestOf } from '../../command-line/nearest.js';
import type { ListedModule } from '../../host/module-directory.js';
import type { SettingState } from '../../settings/module-settings.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import type { SettingsTexts } from './texts.js';

/** The module of this name, or a refusal that names the nearest. */
export function findModule(given: string, { directory }: Pick<SettingsModulePorts, 'directory'>, texts: SettingsTexts): ListedModule {
  const name = given.toLowerCase();
  const found = directory().find(name);
  if (found !== undefined) return found;
  throw new CommandRefusal(texts.config.noModule(given, nearestOf(name, directory().list().map(({ module }) => module.name))));
}

/** The setting of this key, or a refusal that names the nearest. */
export function findSetting(module: Module, given: string, states: readonly SettingState[], texts: SettingsTexts): SettingState {
  const key = given.toLowerCase();
  const found = states.find((state) => state.key === key);
  if (found !== undefined) return found;
  const keys = states.map((state) => state.key);
  if (keys.length === 0) throw new CommandRefusal(texts.config.none(module.name));
  throw new CommandRefusal(texts.config.noKey(module.name, given, nearestOf(key, keys), keys.join(', ')));
}
