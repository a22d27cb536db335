import { InvalidArgumentError, type Command } from 'commander';
import type { MemoryBenchOptions } from './bench/memory-bench.js';
import type { ShapeName } from './bench/speed-bench.js';
import type { WatchersBenchOptions } from './bench/watchers-bench.js';
import { DETECTOR } from '../setup/model-catalogue.mjs';
import { modelPath } from '../setup/paths.mjs';
import type { CliDependencies } from './cli-dependencies.js';

/** `bench …`: one subcommand a measurement, each of which writes its own section of docs/benchmarks.md. */
export function addBenchCommands(program: Command, deps: CliDependencies): void {
  const { config, texts, log, version, environment, signal, setStatus } = deps;
  const bench = program.command('bench').description(texts.cli.bench);
  addWatchersBench(bench, deps);
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
  bench
    .command('decode')
    .description(texts.cli.benchDecode)
    .option('--rounds <n>', texts.cli.benchDecodeRounds, wholeNumber, 50)
    .option('--no-write', texts.cli.benchNoWrite)
    .action(async (options: { rounds: number; write: boolean }) => {
      const { benchDecode } = await import('./bench/decode-bench.js');
      setStatus(await benchDecode(options, { log: log.child({}, { level: 'warn' }), version }, signal));
    });
  bench
    .command('memory')
    .description(texts.cli.benchMemory)
    .option('--voices <n>', texts.cli.benchMemoryVoices, wholeNumber)
    .option('--minutes <n>', texts.cli.benchMemoryMinutes, wholeNumber)
    .option('--engine <size>', texts.cli.benchMemoryEngine, shapeName)
    .option('--no-write', texts.cli.benchNoWrite)
    .action(async (options: MemoryBenchOptions) => {
      const { benchMemory } = await import('./bench/memory-bench.js');
      const { cacheDir, engineDir } = config;
      setStatus(await benchMemory(options, { log: log.child({}, { level: 'warn' }), environment, cacheDir, engineDir, version }, signal));
    });
  bench
    .command('speed')
    .description(texts.cli.benchSpeed)
    .option('--model <names>', texts.cli.benchSpeedModels, shapeNames, ['base', 'small'] as const)
    .option('--notes <seconds>', texts.cli.benchSpeedNotes, lengths, [3, 10, 30, 300])
    .option('--quick', texts.cli.benchSpeedQuick)
    .option('--no-write', texts.cli.benchNoWrite)
    .action(async ({ model, notes, quick = false, write }: { model: ShapeName[]; notes: number[]; quick?: boolean; write: boolean }) => {
      const { benchSpeed } = await import('./bench/speed-bench.js');
      setStatus(await benchSpeed({ shapes: model, seconds: notes, quick, write }, { cacheDir: config.cacheDir, engineDir: config.engineDir, environment, version }, signal));
    });
  bench
    .command('quality')
    .description(texts.cli.benchQuality)
    .option('--silero <file>', texts.cli.benchQualitySilero, modelPath(config.cacheDir, DETECTOR.name))
    .action(async ({ silero }: { silero: string }) => {
      const { benchQuality } = await import('./bench/quality-bench.js');
      const quiet = log.child({}, { level: 'warn' });
      setStatus(await benchQuality({ log: quiet, version, cacheDir: config.cacheDir, sileroPath: silero }, signal));
    });
  bench
    .command('throughput')
    .description(texts.cli.benchThroughput)
    .option('--voices <number>', texts.cli.benchThroughputVoices, Number, 100)
    .option('--model <name>', texts.cli.benchSpeedModels, shapeNames, ['base'] as const)
    .option('--no-write', texts.cli.benchNoWrite)
    .action(async ({ voices, model, write }: { voices: number; model: ShapeName[]; write: boolean }) => {
      const { benchThroughput } = await import('./bench/throughput-bench.js');
      const quiet = log.child({}, { level: 'warn' });
      for (const shape of model) {
        setStatus(await benchThroughput({ voices, shape, write }, { cacheDir: config.cacheDir, environment, log: quiet, version }, signal));
      }
    });
}

function addWatchersBench(bench: Command, { texts, log, version, signal, setStatus }: CliDependencies): void {
  bench
    .command('watchers')
    .description(texts.cli.benchWatchers)
    .option('--watchers <n>', texts.cli.benchWatchersNumber, wholeNumber, 40)
    .option('--per-second <n>', texts.cli.benchWatchersPace, wholeNumber, 500)
    .option('--seconds <n>', texts.cli.benchWatchersSeconds, wholeNumber, 20)
    .option('--no-write', texts.cli.benchNoWrite)
    .action(async (options: WatchersBenchOptions) => {
      const { benchWatchers } = await import('./bench/watchers-bench.js');
      setStatus(await benchWatchers(options, { log: log.child({}, { level: 'warn' }), version }, signal));
    });
}

const SHAPES: readonly ShapeName[] = ['tiny', 'base', 'small'];

function shapeNames(value: string): ShapeName[] {
  return value.split(',').map(shapeName);
}

function shapeName(name: string): ShapeName {
  const known = SHAPES.find((shape) => shape === name);
  if (known === undefined) throw new InvalidArgumentError(`One of ${SHAPES.join(', ')} is wanted.`);
  return known;
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('A whole number from 1 is wanted.');
  return Number(value);
}

function lengths(value: string): number[] {
  const seconds = value.split(',').map(Number);
  if (seconds.some((each) => !(each >= 1 && each <= 3600))) throw new InvalidArgumentError('Seconds are wanted, 3600 at most.');
  return seconds;
}
