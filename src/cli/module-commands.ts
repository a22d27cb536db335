import type { Command } from 'commander';
import type { CliDependencies } from './cli-dependencies.js';
import type * as moduleCommands from './module.js';

/** `module new|check|pack`: what an author of a module needs. */
export function addModuleCommands(program: Command, { texts, signal, setStatus }: CliDependencies): void {
  const module = program.command('module').description(texts.foreignModules.shell.about);
  const run = async (work: (commands: typeof moduleCommands, deps: moduleCommands.ModuleCommandDependencies) => Promise<number>): Promise<void> =>
    setStatus(await work(await import('./module.js'), { texts: texts.foreignModules, print: (line) => console.log(line) }));
  module
    .command('new')
    .description(texts.foreignModules.shell.new)
    .argument('<name>')
    .action((name: string) => run((commands, deps) => commands.newModule(name, deps)));
  module
    .command('check')
    .description(texts.foreignModules.shell.check)
    .argument('<folder>')
    .action((folder: string) => run((commands, deps) => commands.checkModuleFolder(folder, deps, signal)));
  module
    .command('pack')
    .description(texts.foreignModules.shell.pack)
    .argument('<folder>')
    .action((folder: string) => run((commands, deps) => commands.packModule(folder, deps, signal)));
}
