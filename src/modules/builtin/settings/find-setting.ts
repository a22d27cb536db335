import { CommandRefusal, type Module } from '../../contract/index.js';
import { nearestOf } from '../../command-line/nearest.js';
import type { ListedModule } from '../../host/module-directory.js';
import { oneLine } from '../../one-line.js';
import type { SettingState } from '../../settings/module-settings.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import type { SettingsTexts } from './texts.js';

/** Of a name that nobody has, so much is said again. */
const MAX_QUOTED_LENGTH = 60;

/** The module of this name, or of this title in any language. */
export function moduleNamed(given: string, { directory }: Pick<SettingsModulePorts, 'directory'>): ListedModule | undefined {
  const name = given.toLowerCase();
  return directory().find(name) ?? directory().list().find(({ module: { about } }) => [about.en, about.ru].some(({ title }) => title.toLowerCase() === name));
}

/** The module of this name, or a refusal that names the nearest. */
export function findModule(given: string, ports: Pick<SettingsModulePorts, 'directory'>, texts: SettingsTexts): ListedModule {
  const found = moduleNamed(given, ports);
  if (found !== undefined) return found;
  const names = ports.directory().list().map(({ module }) => module.name);
  throw new CommandRefusal(texts.config.noModule(oneLine(given, MAX_QUOTED_LENGTH), nearestOf(given.toLowerCase(), names)));
}

/** The setting of this key, or a refusal that names the nearest. */
export function findSetting(module: Module, given: string, states: readonly SettingState[], texts: SettingsTexts): SettingState {
  const key = given.toLowerCase();
  const found = states.find((state) => state.key === key);
  if (found !== undefined) return found;
  const keys = states.map((state) => state.key);
  if (keys.length === 0) throw new CommandRefusal(texts.config.none(module.name));
  throw new CommandRefusal(texts.config.noKey(module.name, oneLine(given, MAX_QUOTED_LENGTH), nearestOf(key, keys), keys.join(', ')));
}
