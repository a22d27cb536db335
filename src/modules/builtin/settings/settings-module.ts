import { defineModule, type Module } from '../../contract/index.js';
import { aliasCommands } from './alias-commands.js';
import { configCommand } from './config-command.js';
import { ignoreCommands } from './ignore-commands.js';
import { languageCommand } from './language-command.js';
import { modulesCommands } from './modules-commands.js';
import { prefixCommand } from './prefix-command.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';

/** `.config`, `.setprefix`, `.alias`, `.unalias`, `.lang-ui`, `.modules`, `.enable`, `.disable`, `.ignore` and `.unignore`. */
export function settingsModule(ports: SettingsModulePorts): Module {
  return defineModule({
    name: 'settings',
    version: '1.0.0',
    about: texts.both((all) => all.module),
    uses: ['send', 'history', 'download'],
    commands: (command) => [
      configCommand(command, ports),
      prefixCommand(command, ports),
      ...aliasCommands(command, ports),
      languageCommand(command, ports),
      ...modulesCommands(command, ports),
      ...ignoreCommands(command, ports),
    ],
  });
}
