import type { AnyCommand, DefineCommand, ModuleLanguage, RichAnswer } from '../../contract/index.js';
import { richText, type RichPiece } from '../../commands/rich-text.js';
import type { ListedModule } from '../../host/module-directory.js';
import type { SettingsContext } from './settings-context.js';
import { findModule } from './find-setting.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';

/** `.modules`, `.enable` and `.disable`. */
export function modulesCommands(command: DefineCommand<SettingsContext>, ports: SettingsModulePorts): readonly AnyCommand[] {
  const args = { module: { kind: 'word', label: texts.both((all) => all.labels.module) } } as const;
  return [
    command({
      name: 'modules',
      aliases: ['модули'],
      about: texts.both((all) => all.modules.about),
      access: 'owner',
      run: ({ language }) => Promise.resolve(moduleList(ports.directory().list(), language)),
    }),
    command({
      name: 'enable',
      aliases: ['включить'],
      about: texts.both((all) => all.modules.enableAbout),
      access: 'owner',
      args,
      run: async ({ args: { module: given }, language }, _ctx, signal) => {
        const own = texts.of(language);
        const { module, state } = findModule(given, ports, own);
        if (state === 'on') return own.modules.alreadyOn(module.name);
        await ports.directory().enable(module.name, signal);
        return own.modules.on(module.name);
      },
    }),
    command({
      name: 'disable',
      aliases: ['выключить'],
      about: texts.both((all) => all.modules.disableAbout),
      access: 'owner',
      args,
      run: async ({ args: { module: given }, language }, { prefix }) => {
        const own = texts.of(language);
        const { module, state } = findModule(given, ports, own);
        if (state === 'off') return own.modules.alreadyOff(module.name);
        await ports.directory().disable(module.name);
        return own.modules.off(module.name, `${prefix}enable ${module.name}`);
      },
    }),
  ];
}

function moduleList(modules: readonly ListedModule[], language: ModuleLanguage): RichAnswer {
  const own = texts.of(language).modules;
  const lines = modules.flatMap<RichPiece>(({ module, origin, state, why, errors }) => {
    const details = [
      module.about[language].summary,
      ...(origin === 'foreign' ? [own.foreign] : []),
      ...(state === 'failed' || state === 'stopped' ? [why ?? own.why[state]] : []),
      ...(errors > 0 ? [own.errors(errors)] : []),
    ];
    return [`\n${own.states[state]} `, ['bold', module.name], ` ${module.version} · ${details.join(' · ')}`];
  });
  return richText(['bold', own.title], ...lines);
}
