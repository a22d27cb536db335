import type { Command } from '../command.js';

/** `.help`: made from the commands themselves; `commands` is asked at the time of the call. */
export function helpCommand(commands: () => readonly Command[], prefix: string): Command {
  return {
    name: 'help',
    usage: '',
    describe: (texts) => texts.help.about,
    run: (_call, texts) => {
      const lines = commands().map((command) => {
        const usage = command.usage === '' ? '' : ` ${command.usage}`;
        return `${prefix}${command.name}${usage} · ${command.describe(texts)}`;
      });
      return Promise.resolve([texts.help.title, '', ...lines].join('\n'));
    },
  };
}
