import { SetupError } from '../errors.js';
import { catalogueModel } from '../setup/model-catalogue.mjs';
import { formatBytes } from '../setup/format.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { modelAnswerShape, type ModelAnswer } from '../speech/model-answer.js';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { requireModel } from '../speech/require-model.js';
import { notHere } from '../speech/switch-model.js';
import { EXIT_FAILURE } from './exit-status.js';
import type { ModelDependencies } from './model-dependencies.js';

type UseDependencies = Pick<ModelDependencies, 'cacheDir' | 'memoryBytes' | 'choose' | 'ask' | 'texts' | 'print'>;

/**
 * Puts a model into use: at once in the daemon that runs, which tries it first; at its next start where none runs. The exit
 * status: 0; 1 where the model is not here or the daemon cannot use it, and then nothing has changed.
 */
export async function useModel(name: string, deps: UseDependencies, signal: AbortSignal): Promise<number> {
  const { cacheDir, memoryBytes, texts, print } = deps;
  const here = await modelsOnDisk(modelsDir(cacheDir));
  if (!here.includes(name)) return tell(notHere(name, here), deps);
  if (!(await isSound(modelPath(cacheDir, name)))) {
    print(texts.failures.damaged(name));
    return EXIT_FAILURE;
  }
  const needsBytes = catalogueModel(name)?.memoryBytes ?? 0;
  if (needsBytes > memoryBytes) print(texts.mayNotFit(name, formatBytes(needsBytes, texts), formatBytes(memoryBytes, texts)));
  const answer = await deps.ask(name, () => print(texts.asked(name)), signal);
  if (answer !== undefined) return tell(modelAnswerShape.parse(answer), deps);
  await deps.choose(name);
  print(texts.chosen(name));
  return 0;
}

function tell(answer: ModelAnswer, { texts, print }: UseDependencies): number {
  const { model } = answer;
  switch (answer.outcome) {
    case 'switched':
    case 'in-use':
      print(texts.switched(model));
      return 0;
    case 'unknown':
      print(texts.unknown(model, answer.nearest));
      return EXIT_FAILURE;
    case 'absent':
      print(texts.notHere(model));
      return EXIT_FAILURE;
    case 'failed':
      print(texts.refused(answer.kept, texts.failures[answer.reason](model)));
      return EXIT_FAILURE;
  }
}

async function isSound(file: string): Promise<boolean> {
  return requireModel(file).then(
    () => true,
    (error: unknown) => {
      if (error instanceof SetupError) return false;
      throw error;
    },
  );
}
