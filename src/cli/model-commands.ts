import type { Command } from 'commander';
import type { CliDependencies } from './cli-dependencies.js';
import type { ModelDependencies } from './model-dependencies.js';

/** `model …`: the speech models of this machine. */
export function addModelCommands(program: Command, { config, texts, log, signal, setStatus }: CliDependencies): void {
  const model = program.command('model').description(texts.cli.model);
  const load = async (): Promise<ModelDependencies> => {
    const { modelDependencies } = await import('./model-dependencies.js');
    return modelDependencies({ config, texts, log }, signal);
  };
  model
    .command('list', { isDefault: true })
    .description(texts.cli.modelList)
    .option('--json', texts.cli.json)
    .action(async (options: { json?: boolean }) => {
      const { listModels } = await import('./list-models.js');
      setStatus(await listModels(await load(), options));
    });
  model
    .command('pull')
    .description(texts.cli.modelPull)
    .argument('<name>')
    .action(async (name: string) => {
      const { pullNamedModel } = await import('./pull-named-model.js');
      setStatus(await pullNamedModel(name, await load(), signal));
    });
  model
    .command('use')
    .description(texts.cli.modelUse)
    .argument('<name>')
    .action(async (name: string) => {
      const { useModel } = await import('./use-model.js');
      setStatus(await useModel(name, await load(), signal));
    });
  model
    .command('tune')
    .description(texts.cli.modelTune)
    .argument('[name]')
    .action(async (name: string | undefined) => {
      const { tuneNamedModel } = await import('./model-tune.js');
      const quiet = log.child({}, { level: 'warn' });
      setStatus(await tuneNamedModel(name, { ...(await load()), config, noEngine: texts.lifecycle.noEngine, log: quiet }, signal));
    });
  model
    .command('rm')
    .description(texts.cli.modelRemove)
    .argument('<name>')
    .action(async (name: string) => {
      const { removeModel } = await import('./remove-model.js');
      setStatus(await removeModel(name, await load()));
    });
}
