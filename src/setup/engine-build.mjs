import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readlink, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ENGINE_PROGRAMS, WHISPER_CPP_VERSION } from './engine-profiles.mjs';
import { enginePaths } from './engine-paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { compileJobs } from './usable-cores.mjs';

/**
 * @typedef {object} BuildContext
 * @property {string} source whisper.cpp's tree
 * @property {string} logPath
 * @property {import('./texts.mjs').SetupTexts} texts
 * @property {(percent: number) => void} onProgress
 * @property {(paths: import('./engine-paths.mjs').EnginePaths) => Promise<string | undefined>} canary why this build must
 *   not be used here, or undefined when it works
 * @property {AbortSignal} signal
 */

/**
 * Builds the engine in one profile into `folder`, tries it with the canary, and records the outcome there. The folder
 * appears by one rename when all is done; the objects compiled so far stay beside it (`….work`) for a set-up that was
 * interrupted, and go when it is finished. Rejects with `SetupFailure` where it does not compile.
 *
 * @param {import('./engine-profiles.mjs').EngineProfile} profile
 * @param {string} folder
 * @param {BuildContext} context
 * @returns {Promise<import('./engine-paths.mjs').EngineBuild>}
 */
export async function buildEngine(profile, folder, context) {
  const work = `${folder}.work`;
  const isContinued = existsSync(work);
  if (isContinued) await killLeftovers(work);
  if (!(await compile(profile, work, context))) {
    // An object file cut short by a power failure looks finished to make: begin again, once.
    if (isContinued) await rm(work, { recursive: true, force: true });
    if (!isContinued || !(await compile(profile, work, context))) {
      const { texts, logPath } = context;
      throw new SetupFailure(texts.engineNotCompiled, { remedy: texts.remedyEngine, logPath });
    }
  }
  const build = await putInPlace(profile, { work, folder, context });
  await rm(work, { recursive: true, force: true });
  return build;
}

/**
 * @param {import('./engine-profiles.mjs').EngineProfile} profile
 * @param {string} work
 * @param {BuildContext} context
 * @returns {Promise<boolean>}
 */
async function compile(profile, work, { source, logPath, onProgress, signal }) {
  await mkdir(work, { recursive: true });
  const configured = await runCommand('cmake', ['-S', source, '-B', work, '-G', 'Unix Makefiles', ...profile.flags], { logPath, cwd: work, signal });
  if (configured.code !== 0) return false;
  const args = ['--build', work, '--config', 'Release', '-j', String(compileJobs()), '--target', ...ENGINE_PROGRAMS];
  // make says `[ 42%] Building …`, once more from the start for each target.
  let highest = 0;
  const onLine = (/** @type {string} */ line) => {
    const percent = Number(/^\[\s*(\d+)%\]/.exec(line)?.[1] ?? 0);
    if (percent > highest) onProgress((highest = percent));
  };
  const built = await runCommand('cmake', args, { logPath, cwd: work, onLine, signal });
  return built.code === 0;
}

/**
 * @param {import('./engine-profiles.mjs').EngineProfile} profile
 * @param {{ work: string, folder: string, context: BuildContext }} places
 * @returns {Promise<import('./engine-paths.mjs').EngineBuild>}
 */
async function putInPlace(profile, { work, folder, context }) {
  const fresh = await mkdtemp(`${folder}.new-`);
  try {
    await cp(path.join(work, 'bin'), path.join(fresh, 'bin'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => isWanted(path.basename(file), profile),
    });
    const described = { version: WHISPER_CPP_VERSION, profile: profile.name };
    const reason = await context.canary(enginePaths(path.join(fresh, 'bin'), described));
    /** @type {import('./engine-paths.mjs').EngineBuild} */
    const build = {
      ...described,
      flags: [...profile.flags],
      builtAt: new Date().toISOString(),
      canary: reason === undefined ? 'passed' : 'failed',
      ...(reason === undefined ? {} : { reason }),
    };
    await writeFile(path.join(fresh, 'build.json'), `${JSON.stringify(build, null, 2)}\n`);
    await chmod(fresh, 0o755); // mkdtemp keeps others out, and the image's user is not its builder
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
    return build;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * The programs, and their libraries where they have any.
 *
 * @param {string} name
 * @param {import('./engine-profiles.mjs').EngineProfile} profile
 */
function isWanted(name, { withoutLibraries }) {
  const isLibrary = /\.(so|dylib)(\.|$)/.test(name) && withoutLibraries?.test(name) !== true;
  return name === 'bin' || isLibrary || ENGINE_PROGRAMS.some((program) => program === name);
}

/**
 * Ends what a killed set-up left compiling in `work`, so that two makes do not write the same files: every process whose
 * working directory is inside. Only Linux lets us look; elsewhere make ends by itself when nobody reads its output.
 *
 * @param {string} work
 */
async function killLeftovers(work) {
  if (process.platform !== 'linux') return;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => ''); // gone, or somebody else's: not a leftover of ours
    if (cwd !== work && !cwd.startsWith(work + path.sep)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
