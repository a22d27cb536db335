import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildEngine } from './engine-build.mjs';
import { runCanary } from './engine-canary.mjs';
import { findEngine, readBuild } from './engine-paths.mjs';
import { cpuIdentity, engineFolder, engineProfiles, WHISPER_CPP_VERSION } from './engine-profiles.mjs';
import { engineSource } from './engine-source.mjs';
import { withLock } from './lock.mjs';
import { BUNDLED_MODEL } from './model-catalogue.mjs';
import { enginesDir, locksDir, logsDir } from './paths.mjs';
import { pullModel } from './pull-model.mjs';
import { SetupFailure } from './setup-failure.mjs';

/** The engine, built where this machine has none: each profile in turn until one passes its canary. @type {import('./setup-step.mjs').SetupStep} */
export const engineStep = {
  label: (texts) => texts.stepEngine,
  missing: async ({ environment: { cache, engineDir } }) =>
    findEngine(cache, engineDir) === undefined ? `whisper.cpp ${WHISPER_CPP_VERSION}` : undefined,
  make: async (context) => {
    const { environment, signal, texts, progress } = context;
    if (environment.engineDir !== undefined) {
      throw new SetupFailure(texts.engineDirEmpty(environment.engineDir), { remedy: texts.remedyEngineDir });
    }
    const lock = path.join(locksDir(environment.cache), 'engine.lock');
    const onWait = (/** @type {import('./lock.mjs').LockOwner} */ { pid }) => progress.say(texts.waiting(pid));
    return { done: await withLock(lock, () => buildFirstThatRuns(context), { onWait, signal }) };
  },
};

/**
 * @param {import('./setup-step.mjs').StepContext} context
 * @returns {Promise<string>}
 */
async function buildFirstThatRuns({ environment, texts, progress, signal }) {
  const { cache } = environment;
  const logPath = path.join(logsDir(cache), 'engine.log');
  const machine = { arch: os.arch(), cpu: cpuIdentity() };
  await mkdir(enginesDir(cache), { recursive: true });
  const model = await pullModel(BUNDLED_MODEL, { cache }, signal);
  for (const profile of engineProfiles(machine.arch)) {
    const folder = path.join(enginesDir(cache), engineFolder(profile, machine));
    let build = readBuild(folder);
    if (build === undefined) {
      progress.say(texts.engineFetching);
      const source = await engineSource({ cache, logPath, texts, signal });
      progress.say(texts.engineBuilding(profile.name));
      build = await buildEngine(profile, folder, {
        source,
        logPath,
        texts,
        onProgress: (percent) => progress.percent(texts.engineBuilding(profile.name), percent),
        canary: (engine) => runCanary(engine, { model, logPath, texts, signal }),
        signal,
      });
    }
    if (build.canary === 'passed') return texts.engineBuilt(build.version, build.profile);
    progress.note(texts.engineCanaryFailed(profile.name, build.reason ?? ''));
  }
  throw new SetupFailure(texts.engineNoneRuns, { remedy: texts.remedySeeLog, logPath });
}
