import type { Command } from '../command.js';
import { CommandError } from '../command-error.js';

/** Which models there are and which one is in use. */
export interface ModelChoice {
  current(): string;
  /** Names of the models that are on this machine. */
  present(): Promise<string[]>;
  /** Switches without losing a job; rejects where the model cannot be used. */
  use(name: string, signal: AbortSignal): Promise<void>;
}

export function modelCommand(models: ModelChoice): Command {
  return {
    name: 'model',
    usage: '[name]',
    describe: (texts) => texts.model.about,
    run: async ({ args }, texts, signal) => {
      const present = await models.present();
      const name = args[0]?.toLowerCase();
      if (name === undefined) return [texts.model.current(models.current()), texts.model.present(present.join(', '))].join('\n');
      if (!present.includes(name)) throw new CommandError(texts.model.absent(name, present.join(', ')));
      if (name === models.current()) return texts.model.current(name);
      await models.use(name, signal);
      return texts.model.switched(name);
    },
  };
}
