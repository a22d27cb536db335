import type { ModelAnswer } from '../../../speech/model-answer.js';
import { CommandRefusal, type ModuleLanguage } from '../../contract/index.js';
import { saidBack } from './arguments.js';
import { texts, type VoiceTexts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';

/** `.model`: shows or switches the speech model. */
export async function model({ name, prefix, language }: { name: string | undefined; prefix: string; language: ModuleLanguage }, { models }: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(language).model;
  const present = await models.present();
  if (name === undefined) return [all.current(models.current()), all.present(present.join(', '))].join('\n');
  const answer = await models.use(name.toLowerCase(), signal);
  if (answer.outcome === 'switched') return all.switched(answer.model);
  if (answer.outcome === 'in-use') return all.current(answer.model);
  throw new CommandRefusal(refusal(answer, present, { all, prefix }));
}

function refusal(answer: Exclude<ModelAnswer, { outcome: 'switched' | 'in-use' }>, present: string[], { all, prefix }: { all: VoiceTexts['model']; prefix: string }): string {
  switch (answer.outcome) {
    case 'unknown':
      return all.unknown(saidBack(answer.model), answer.nearest, present.join(', '), prefix);
    case 'absent':
      return all.absent(answer.model, present.join(', '));
    case 'failed':
      return all.failed(answer.model, answer.kept, all.failures[answer.reason]);
  }
}
