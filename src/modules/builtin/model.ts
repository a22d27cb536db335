import type { Texts } from '../../i18n/texts.js';
import type { ModelAnswer } from '../../speech/model-answer.js';
import type { Command } from '../command.js';
import { CommandError } from '../command-error.js';

/** Which models there are and which one is in use. */
export interface ModelChoice {
  current(): string;
  /** Names of the models that are on this machine. */
  present(): Promise<string[]>;
  /** Switches without losing a job; the one in use stays where the other cannot be used. */
  use(name: string, signal: AbortSignal): Promise<ModelAnswer>;
}

export function modelCommand(models: ModelChoice): Command {
  return {
    name: 'model',
    usage: '[name]',
    describe: (texts) => texts.model.about,
    run: async ({ args }, texts, signal) => {
      const name = args[0]?.toLowerCase();
      const present = await models.present();
      if (name === undefined) return [texts.model.current(models.current()), texts.model.present(present.join(', '))].join('\n');
      const answer = await models.use(name, signal);
      if (answer.outcome === 'switched') return texts.model.switched(answer.model);
      if (answer.outcome === 'in-use') return texts.model.current(answer.model);
      throw new CommandError(refusal(answer, present, texts));
    },
  };
}

function refusal(answer: Exclude<ModelAnswer, { outcome: 'switched' | 'in-use' }>, present: string[], { model: texts }: Texts['commands']): string {
  switch (answer.outcome) {
    case 'unknown':
      return texts.unknown(answer.model, answer.nearest, present.join(', '));
    case 'absent':
      return texts.absent(answer.model, present.join(', '));
    case 'failed':
      return texts.failed(answer.model, answer.kept, texts.failures[answer.reason]);
  }
}
