import type { AnyCommand, DefineCommand } from '../../contract/index.js';
import type { SettingsContext } from './settings-context.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';

/** `.lang-ui`. */
export function languageCommand(command: DefineCommand<SettingsContext>, { choices }: SettingsModulePorts): AnyCommand {
  return command({
    name: 'lang-ui',
    aliases: ['язык-ответов'],
    about: texts.both((all) => all.language.about),
    access: 'owner',
    args: { language: { kind: 'choice', options: ['ru', 'en'], optional: true, label: texts.both((all) => all.labels.language) } },
    run: async ({ args, language }, { prefix }) => {
      if (args.language === undefined) return texts.of(language).language.now(prefix);
      await choices.chooseLanguage(args.language);
      return texts.of(args.language).language.changed;
    },
  });
}
