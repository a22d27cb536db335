import type { Command } from 'commander';
import type { CliDependencies } from './cli-dependencies.js';

/** `bench …`: one subcommand a measurement, each of which writes its own section of docs/benchmarks.md. */
export function addBenchCommands(program: Command, { config, texts, log, version, environment, signal, setStatus }: CliDependencies): void {
  const bench = program.command('bench').description(texts.cli.bench);
  bench
    .command('voices', { isDefault: true })
    .description(texts.cli.benchVoices)
    .action(async () => {
      const { benchVoices } = await import('./bench/voices-bench.js');
      const quiet = log.child({}, { level: 'warn' });
      setStatus(await benchVoices({ environment, log: quiet, version, cacheDir: config.cacheDir }, signal));
    });
  bench
    .command('healing')
    .description(texts.cli.benchHealing)
    .action(async () => {
      const { benchHealing } = await import('./bench/healing.js');
      setStatus(await benchHealing(log.child({}, { level: 'fatal' }), signal));
    });
}
