import { existsSync } from 'node:fs';
import path from 'node:path';
import { findEngine } from './engine-paths.mjs';
import { findProgram } from './find-program.mjs';
import { installCommand, installPackages, packageManager } from './package-manager.mjs';
import { logsDir } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

/**
 * A program of the system, with the package that has it. Any one of `programs` will do.
 *
 * @typedef {{ programs: readonly string[], packages: Readonly<Record<import('./package-manager.mjs').ManagerName, string>> }} Requirement
 */

/** @type {Requirement} */
const FFMPEG = { programs: ['ffmpeg'], packages: { apt: 'ffmpeg', brew: 'ffmpeg' } };
/** @type {Requirement} */
const REDIS = { programs: ['redis-server'], packages: { apt: 'redis-server', brew: 'redis' } };
/** @type {readonly Requirement[]} */
const BUILD_TOOLS = [
  { programs: ['cmake'], packages: { apt: 'cmake', brew: 'cmake' } },
  { programs: ['make'], packages: { apt: 'make', brew: 'make' } },
  { programs: ['c++', 'g++', 'clang++'], packages: { apt: 'g++', brew: 'gcc' } },
  { programs: ['tar'], packages: { apt: 'tar', brew: 'gnu-tar' } },
];
/** @type {Requirement} */
const BROWSER = {
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  packages: { apt: 'chromium', brew: 'chromium' },
};

/** ffmpeg, Redis, and what compiles the engine where it has to be compiled. @type {import('./setup-step.mjs').SetupStep} */
export const packagesStep = {
  label: (texts) => texts.stepPackages,
  missing: async (context) => names(missingRequirements(context)),
  make: async (context) => {
    const { texts } = context;
    const wanted = missingRequirements(context);
    const installed = await install(wanted, context);
    const stillMissing = names(wanted.filter(isMissing));
    if (stillMissing !== undefined) {
      throw new SetupFailure(texts.packagesStillMissing(stillMissing), { remedy: texts.remedySeeLog, logPath: logOf(context) });
    }
    return { done: texts.packagesInstalled(installed) };
  },
};

/** A browser for the test of the demo's page; the tests do without it and say so. @type {import('./setup-step.mjs').SetupStep} */
export const browserStep = {
  label: (texts) => texts.stepBrowser,
  missing: async ({ options }) => (options.forTests && isMissing(BROWSER) ? BROWSER.programs[0] : undefined),
  make: async (context) => {
    try {
      return { done: context.texts.packagesInstalled(await install([BROWSER], context)) };
    } catch (error) {
      if (!(error instanceof SetupFailure)) throw error;
      return { warning: context.texts.browserMissing };
    }
  },
};

/** @param {import('./setup-step.mjs').StepContext} context @returns {Requirement[]} */
function missingRequirements({ environment, options }) {
  const isRedisNeeded = options.forTests || !environment.hasOwnRedis;
  const isEngineThere = environment.engineDir !== undefined || findEngine(environment.cache) !== undefined;
  return [FFMPEG, ...(isRedisNeeded ? [REDIS] : []), ...(isEngineThere ? [] : BUILD_TOOLS)].filter(isMissing);
}

/** What is not here of all that compiles the engine; undefined where nothing is missing. @returns {string | undefined} */
export function missingBuildTools() {
  return names(BUILD_TOOLS.filter(isMissing));
}

/** @param {Requirement} requirement */
function isMissing({ programs }) {
  return findProgram(programs) === undefined;
}

/** @param {readonly Requirement[]} requirements @returns {string | undefined} */
function names(requirements) {
  return requirements.length === 0 ? undefined : requirements.map(({ programs }) => programs[0]).join(', ');
}

/**
 * @param {readonly Requirement[]} requirements
 * @param {import('./setup-step.mjs').StepContext} context
 * @returns {Promise<string>} the names of the packages
 */
async function install(requirements, context) {
  const { texts, progress, signal } = context;
  const logPath = logOf(context);
  const manager = await packageManager(signal);
  if (manager === undefined) {
    const list = names(requirements) ?? '';
    throw new SetupFailure(texts.packagesNeeded(list), { remedy: texts.remedyInstallByHand(list) });
  }
  const packages = requirements.map((requirement) => requirement.packages[manager.name]);
  if (!manager.mayInstall) {
    const remedy = texts.remedyTypeThis(installCommand(manager, packages));
    throw new SetupFailure(texts.packagesNeeded(packages.join(', ')), { remedy });
  }
  progress.say(texts.packagesInstalling(packages.join(', ')));
  if (!(await installPackages(manager, packages, { logPath, signal }))) {
    const remedy = texts.remedyTypeThis(installCommand(manager, packages));
    throw new SetupFailure(texts.packagesFailed(packages.join(', ')), { remedy, logPath });
  }
  if (manager.name === 'apt' && requirements.includes(REDIS)) await leaveRedisStopped(manager, { logPath, signal });
  return packages.join(', ');
}

/**
 * Debian starts a Redis service on port 6379 when the package comes in, now and at every boot. The daemon runs a Redis of
 * its own; a service that nobody asked for is switched off again.
 *
 * @param {import('./package-manager.mjs').Manager} manager
 * @param {{ logPath: string, signal: AbortSignal }} options
 */
async function leaveRedisStopped(manager, options) {
  const command = existsSync('/run/systemd/system')
    ? ['systemctl', 'disable', '--now', 'redis-server']
    : ['/etc/init.d/redis-server', 'stop'];
  const [program = '', ...args] = [...manager.prefix, ...command];
  await runCommand(program, args, { ...options, timeoutMs: 60_000 });
}

/** @param {import('./setup-step.mjs').StepContext} context */
function logOf({ environment }) {
  return path.join(logsDir(environment.cache), 'packages.log');
}
