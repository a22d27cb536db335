import type { Command } from '../command.js';
import { CommandError } from '../command-error.js';
import type { Texts } from '../../i18n/texts.js';

/** The voices that came late, as far as the command needs them. */
export interface LateVoices {
  summary(): Promise<Parameters<Texts['backlog']['summary']>[0]>;
  answer(): Promise<number>;
  skip(): Promise<number>;
}

/** `.backlog`: what came while nobody was there and is not answered; `answer` and `skip` decide about it. */
export function backlogCommand(lateVoices: LateVoices, texts: Texts['backlog']): Command {
  return {
    name: 'backlog',
    usage: '[answer | skip]',
    describe: () => texts.about,
    run: async ({ args }) => {
      const [word, ...rest] = args.map((arg) => arg.toLowerCase());
      if (rest.length > 0) throw new CommandError(texts.usage);
      switch (word) {
        case undefined:
          return texts.summary(await lateVoices.summary());
        case 'answer':
        case texts.words.answer:
          return texts.answering(await lateVoices.answer());
        case 'skip':
        case texts.words.skip:
          return texts.skipped(await lateVoices.skip());
        default:
          throw new CommandError(texts.usage);
      }
    },
  };
}
