import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import { SetupError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { findEngine } from '../setup/engine-paths.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { usableCores } from '../setup/usable-cores.mjs';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { tuneModel, type Tried } from '../speech/tune-model.js';
import { buildName, writeTuning, type Tuning } from '../speech/tuning-store.js';
import { EXIT_FAILURE } from './exit-status.js';

export interface TuneDependencies {
  config: Pick<Config, 'cacheDir' | 'dataDir' | 'engineDir' | 'threads'>;
  /** The model in use. */
  current: () => Promise<string>;
  texts: Texts['model'];
  noEngine: string;
  print: (line: string) => void;
  log: Logger;
}

/**
 * Measures how a model runs best on this machine, the one in use where none is named, and keeps it: the daemon runs the
 * model so from its next load on. The exit status: 0; 1 where the model is not here.
 */
export async function tuneNamedModel(name: string | undefined, deps: TuneDependencies, signal: AbortSignal): Promise<number> {
  const { config, texts, print, log } = deps;
  const { cacheDir } = config;
  const engine = findEngine(cacheDir, config.engineDir);
  if (engine === undefined) throw new SetupError(deps.noEngine, 'npm start');
  const model = name ?? (await deps.current());
  if (!(await modelsOnDisk(modelsDir(cacheDir))).includes(model)) {
    print(texts.notHere(model));
    return EXIT_FAILURE;
  }
  const cores = usableCores();
  print(texts.tuning(model, cores));
  const tried: Tried[] = [];
  const onTried = (way: Tried): void => {
    tried.push(way);
    print(`  ${wayOf(way, texts)}`);
  };
  const options = { program: engine, modelPath: modelPath(cacheDir, model), runDir: join(config.dataDir, 'run'), cores, onTried, nowMs: () => Date.now(), log };
  const best = await tuneModel(options, signal);
  await writeTuning(cacheDir, { build: buildName(engine), model }, best);
  print(resultOf(model, best, texts));
  if (config.threads !== 0) print(texts.threadsAreSet(config.threads));
  return 0;
}

function wayOf({ threads, flashAttention, tookMs }: Tried, texts: Texts['model']): string {
  const took = tookMs === undefined ? texts.tooSlow : texts.tookMs(Math.round(tookMs));
  return `${texts.way(threads, flashAttention).padEnd(WAY_WIDTH)} ${took}`;
}

const WAY_WIDTH = 36;

function resultOf(model: string, { threads, flashAttention, realTimeFactor }: Tuning, texts: Texts['model']): string {
  return texts.tuned(model, texts.way(threads, flashAttention), texts.decimal((1 / realTimeFactor).toFixed(1)));
}
