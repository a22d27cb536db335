import { defineModule, type Module, type ModuleLanguage } from '../../contract/index.js';
import { cancelRunning } from './cancel-running.js';
import type { CommandsPorts } from './commands-ports.js';
import { helpAnswer } from './help-answer.js';
import { texts } from './texts.js';
import { answerQuestion } from './answer-question.js';

/** `.help`, `.cancel`, `.yes` and `.no`. */
export function commandsModule(ports: CommandsPorts): Module {
  return defineModule({
    name: 'commands',
    version: '1.0.0',
    about: texts.both((all) => all.module),
    commands: (command) => [
      command({
        name: 'help',
        aliases: ['помощь', 'справка'],
        about: texts.both((all) => all.help.about),
        args: { name: { kind: 'word', optional: true, label: texts.both((all) => all.name) } },
        flags: { module: { kind: 'boolean', short: 'm', about: texts.both((all) => all.help.moduleFlag) } },
        run: ({ args, flags, language }, { prefix }) =>
          Promise.resolve(helpAnswer({ name: args.name, wantsModule: flags.module, prefix, language }, ports)),
      }),
      command({
        name: 'cancel',
        aliases: ['отмена'],
        about: texts.both((all) => all.cancel.about),
        flags: { all: { kind: 'boolean', short: 'a', about: texts.both((all) => all.cancel.allFlag) } },
        steers: true,
        run: ({ message, flags, language }, { prefix }) => Promise.resolve(cancelRunning({ message, all: flags.all, prefix }, ports.runs(), texts.of(language).cancel)),
      }),
      command({
        name: 'yes',
        aliases: ['да'],
        about: texts.both((all) => all.yes.about),
        steers: true,
        run: ({ message, language }) => Promise.resolve(answerQuestion(message, true, ports.confirmations(), texts.of(language))),
      }),
      command({
        name: 'no',
        aliases: ['нет'],
        about: texts.both((all) => all.no.about),
        steers: true,
        run: ({ message, language }) => Promise.resolve(answerQuestion(message, false, ports.confirmations(), texts.of(language))),
      }),
    ],
  });
}

/** What stands below a question of a command. */
export function howToAnswer({ prefix, language }: { prefix: string; language: ModuleLanguage }): string {
  return texts.of(language).howToAnswer(`${prefix}yes`, `${prefix}no`);
}
