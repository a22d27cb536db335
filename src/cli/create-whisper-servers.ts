import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import type { Logger } from '../log/logger.js';
import type { EnginePaths } from '../setup/engine-paths.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { usableCores } from '../setup/usable-cores.mjs';
import { canary } from '../speech/canary.js';
import { EngineBuilds } from '../speech/engine-builds.js';
import { ModelEngines } from '../speech/model-engines.js';
import { replaceBuildIn } from '../speech/replace-build.js';
import { tuneModel } from '../speech/tune-model.js';
import { buildName, readTunings, writeTuning } from '../speech/tuning-store.js';
import { WhisperServer } from '../speech/whisper-server.js';

type Settings = Pick<Config, 'cacheDir' | 'dataDir' | 'engineDir' | 'engineIdleMs' | 'threads'>;

/** As long as a model that is not the daemon's own stays in memory after its last voice. */
const OTHER_IDLE_MS = 60_000;

/**
 * whisper.cpp as this machine has it: tried before it gets work, rebuilt where its build does not run; the engine that is asked
 * for first, the daemon's own, is tuned at a quiet moment.
 */
export function createWhisperServers({ serverPath, version, profile }: EnginePaths, config: Settings, log: Logger): ModelEngines {
  const { cacheDir } = config;
  const runDir = join(config.dataDir, 'run');
  const isFixed = config.threads !== 0;
  const builds = new EngineBuilds({
    first: { serverPath, version, profile },
    replace: config.engineDir === undefined ? replaceBuildIn(cacheDir, log) : undefined,
    log,
  });
  const tuningOf = async (name: string) => (await readTunings(cacheDir, buildName(builds.current))).get(name);
  const tune = async (name: string, signal: AbortSignal): Promise<void> => {
    const program = builds.current;
    if ((await tuningOf(name)) !== undefined) return;
    const tuning = await tuneModel({ program, modelPath: modelPath(cacheDir, name), runDir, cores: usableCores(), nowMs: () => Date.now(), log }, signal);
    await writeTuning(cacheDir, { build: buildName(program), model: name }, tuning);
    log.info({ model: name, ...tuning }, 'the model was measured on this machine; it runs this way from now on');
  };
  return new ModelEngines({
    modelsDir: modelsDir(cacheDir),
    log,
    create: (model, { machine, isFirst }) => {
      const server = new WhisperServer({
        serverPath: builds,
        modelsDir: modelsDir(cacheDir),
        model,
        machine,
        runDir,
        threads: isFixed ? config.threads : usableCores(),
        idleAfterMs: isFirst ? config.engineIdleMs : Math.min(OTHER_IDLE_MS, config.engineIdleMs),
        canary,
        ...(!isFixed && { tuningOf, ...(isFirst && { tune }) }),
        log,
      });
      server.start();
      return server;
    },
  });
}
