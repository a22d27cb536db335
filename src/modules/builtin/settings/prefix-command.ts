import { CommandRefusal, type AnyCommand, type DefineCommand } from '../../contract/index.js';
import { isPrefix } from '../../command-line/is-prefix.js';
import { oneLine } from '../../one-line.js';
import type { SettingsContext } from './settings-context.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';

const MAX_QUOTED_LENGTH = 20;
const RESET = new Set(['reset', 'сброс']);

/** `.setprefix`. */
export function prefixCommand(command: DefineCommand<SettingsContext>, { choices }: SettingsModulePorts): AnyCommand {
  return command({
    name: 'setprefix',
    aliases: ['префикс'],
    about: texts.both((all) => all.prefix.about),
    access: 'owner',
    args: { prefix: { kind: 'word', optional: true, label: texts.both((all) => all.labels.prefix) } },
    run: async ({ args, language }) => {
      const own = texts.of(language).prefix;
      if (args.prefix === undefined) return own.now(choices.prefix);
      const wanted = RESET.has(args.prefix.toLowerCase()) ? choices.configuredPrefix : args.prefix;
      if (!isPrefix(wanted)) throw new CommandRefusal(own.unfit(oneLine(wanted, MAX_QUOTED_LENGTH)));
      const before = choices.prefix;
      if (wanted === before) return own.same(wanted);
      await choices.choosePrefix(wanted);
      return own.changed(wanted, before, choices.configuredPrefix);
    },
  });
}
