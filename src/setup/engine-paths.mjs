import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cpuIdentity, engineFolder, engineProfiles, ENGINE_PROGRAMS } from './engine-profiles.mjs';
import { enginesDir } from './paths.mjs';

/**
 * @typedef {object} EnginePaths
 * @property {string} serverPath `whisper-server`
 * @property {string} cliPath `whisper-cli`
 * @property {string} vadPath `whisper-vad-speech-segments`
 * @property {string} quantizePath `whisper-quantize`
 * @property {string} profile how it was compiled: a name of `engineProfiles`, `all-variants` (the image) or `given`
 * @property {string} version of whisper.cpp
 */

/**
 * What `build.json` of a build says. It is written last, so a folder without it is not a build.
 * `canary` is what came of running the engine on a known clip; `failed` means: do not use, do not build again.
 *
 * @typedef {{ version: string, profile: string, flags: string[], builtAt: string, canary: 'passed' | 'failed', reason?: string }} EngineBuild
 */

/**
 * The engine that this machine should run: the one in `engineDir` where that is given (GRAMSCRIBE_ENGINE_DIR: the Docker
 * image, or somebody's own build), else the fastest build in the cache that passed its canary here. Undefined where there is
 * none; `npm start` builds it. Reads a few small files; call it again after a build.
 *
 * @param {string} cache what `cacheDir` gave
 * @param {string} [engineDir]
 * @returns {EnginePaths | undefined}
 */
export function findEngine(cache, engineDir) {
  if (engineDir !== undefined) return givenEngine(engineDir);
  const machine = { arch: os.arch(), cpu: cpuIdentity() };
  for (const profile of engineProfiles(machine.arch)) {
    const folder = path.join(enginesDir(cache), engineFolder(profile, machine));
    const build = readBuild(folder);
    if (build?.canary === 'passed' && isWhole(folder)) return enginePaths(path.join(folder, 'bin'), build);
  }
  return undefined;
}

/**
 * An engine built elsewhere: its programs lie in the folder or in its `bin`.
 *
 * @param {string} folder
 * @returns {EnginePaths | undefined}
 */
function givenEngine(folder) {
  const bin = [path.join(folder, 'bin'), folder].find((place) => existsSync(path.join(place, 'whisper-server')));
  if (bin === undefined) return undefined;
  return enginePaths(bin, readBuild(folder) ?? { profile: 'given', version: 'unknown' });
}

/**
 * @param {string} bin the folder of the programs
 * @param {Pick<EngineBuild, 'profile' | 'version'>} build
 * @returns {EnginePaths}
 */
export function enginePaths(bin, { profile, version }) {
  /** @param {(typeof ENGINE_PROGRAMS)[number]} program */
  const at = (program) => path.join(bin, program);
  return {
    serverPath: at('whisper-server'),
    cliPath: at('whisper-cli'),
    vadPath: at('whisper-vad-speech-segments'),
    quantizePath: at('whisper-quantize'),
    profile,
    version,
  };
}

/**
 * The build's own record, or undefined where the folder holds no finished build.
 *
 * @param {string} folder
 * @returns {EngineBuild | undefined}
 */
export function readBuild(folder) {
  const file = path.join(folder, 'build.json');
  if (!existsSync(file)) return undefined;
  return /** @type {EngineBuild} */ (JSON.parse(readFileSync(file, 'utf8')));
}

/** @param {string} folder @returns {boolean} */
function isWhole(folder) {
  return ENGINE_PROGRAMS.every((program) => existsSync(path.join(folder, 'bin', program)));
}
