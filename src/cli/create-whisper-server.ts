import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import type { Logger } from '../log/logger.js';
import type { EnginePaths } from '../setup/engine-paths.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { usableCores } from '../setup/usable-cores.mjs';
import { canary } from '../speech/canary.js';
import { EngineBuilds } from '../speech/engine-builds.js';
import { replaceBuildIn } from '../speech/replace-build.js';
import { tuneModel } from '../speech/tune-model.js';
import { buildName, readTunings, writeTuning } from '../speech/tuning-store.js';
import { WhisperServer } from '../speech/whisper-server.js';

type Settings = Pick<Config, 'cacheDir' | 'dataDir' | 'engineDir' | 'engineIdleMs' | 'threads'>;

/** whisper.cpp as this machine has it: tried before it gets work, tuned at a quiet moment, rebuilt where its build does not run. */
export function createWhisperServer({ serverPath, version, profile }: EnginePaths, config: Settings, model: string, log: Logger): WhisperServer {
  const { cacheDir } = config;
  const runDir = join(config.dataDir, 'run');
  const isFixed = config.threads !== 0;
  const builds = new EngineBuilds({
    first: { serverPath, version, profile },
    replace: config.engineDir === undefined ? replaceBuildIn(cacheDir, log) : undefined,
    log,
  });
  const tuningOf = async (name: string) => (await readTunings(cacheDir, buildName(builds.current))).get(name);
  const server = new WhisperServer({
    serverPath: builds,
    modelsDir: modelsDir(cacheDir),
    model,
    runDir,
    threads: isFixed ? config.threads : usableCores(),
    idleAfterMs: config.engineIdleMs,
    canary,
    ...(!isFixed && {
      tuningOf,
      tune: async (name, signal) => {
        const program = builds.current;
        if ((await tuningOf(name)) !== undefined) return;
        const tuning = await tuneModel({ program, modelPath: modelPath(cacheDir, name), runDir, cores: usableCores(), nowMs: () => Date.now(), log }, signal);
        await writeTuning(cacheDir, { build: buildName(program), model: name }, tuning);
        log.info({ model: name, ...tuning }, 'the model was measured on this machine; it runs this way from now on');
      },
    }),
    log,
  });
  server.start();
  return server;
}
