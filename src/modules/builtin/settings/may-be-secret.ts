import { isSecret } from '../../values/is-secret.js';
import { moduleNamed } from './find-setting.js';
import type { SettingsModulePorts } from './settings-module-ports.js';

const MAX_ALIASES_DEEP = 8;

/** Whether what is given for this setting may be a secret: it is for one, or for nothing that there is. */
export function mayBeSecret(module: string, key: string | undefined, ports: Pick<SettingsModulePorts, 'directory'>): boolean {
  const settings = Object.entries(moduleNamed(module, ports)?.module.settings ?? {});
  const [, definition] = settings.find(([one]) => one === key?.toLowerCase()) ?? [];
  return definition === undefined || isSecret(definition);
}

/** Whether a line that begins with a command, or an alias of one, has a secret in it already. */
export function carriesSecret(line: string, ports: Pick<SettingsModulePorts, 'directory' | 'choices'>): boolean {
  let words = line.trim().split(/\s+/);
  for (let deep = 0; deep < MAX_ALIASES_DEEP; deep += 1) {
    const [name = '', ...rest] = words;
    const command = ports.directory().findCommand(name.toLowerCase())?.command;
    if (command?.secret === true) return rest.length > 0;
    const [module = '', key = '', ...value] = rest;
    if (command?.name === 'config') return value.length > 0 && mayBeSecret(module, key, ports);
    const meaning = command === undefined ? ports.choices.aliases.get(name.toLowerCase()) : undefined;
    if (meaning === undefined) return false;
    words = [...meaning.trim().split(/\s+/), ...rest];
  }
  return false;
}
