import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { withCheckoutLock } from './checkout-lock.mjs';
import { npmError } from './npm-error.mjs';
import { logsDir, projectRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} LockFile
 */

/** What package-lock.json names, by `npm ci`. @type {import('./setup-step.mjs').SetupStep} */
export const dependenciesStep = {
  label: (texts) => texts.stepDependencies,
  missing: (context) => missingPackage(projectRoot).then((name) => name && `${name} (${context.texts.missing})`),
  make: async (context) => {
    const { environment, texts, progress, signal } = context;
    return withCheckoutLock(context, async () => {
      if ((await missingPackage(projectRoot)) !== undefined) {
        progress.say(texts.dependenciesInstalling);
        const logPath = path.join(logsDir(environment.cache), 'npm-ci.log');
        // Not what NODE_ENV or an npm setting would leave out: the compiler is among the development packages.
        const args = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
        const { code, stderr } = await runCommand('npm', args, { cwd: projectRoot, logPath, diesWithUs: true, signal });
        if (code !== 0 || (await missingPackage(projectRoot)) !== undefined) {
          throw new SetupFailure(texts.dependenciesFailed, { remedy: [npmError(stderr) ?? '', texts.remedyRegistry].join('\n'), logPath });
        }
      }
      const { packages } = await readLock(path.join(projectRoot, 'node_modules', '.package-lock.json'));
      return { done: texts.dependenciesInstalled(Object.keys(packages).length) };
    });
  },
};

/**
 * The first package of the lock file that `node_modules` lacks or has in another version, undefined where all are there.
 * npm writes `node_modules/.package-lock.json` as the last thing of an installation, so one that was cut short has none.
 *
 * @param {string} root of the checkout
 * @returns {Promise<string | undefined>}
 */
export async function missingPackage(root) {
  const installedPath = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return 'node_modules';
  const wanted = (await readLock(path.join(root, 'package-lock.json'))).packages;
  const installed = (await readLock(installedPath)).packages;
  const missing = Object.entries(wanted).find(([place, { version, integrity, optional, peer }]) => {
    if (place === '') return false;
    const found = installed[place];
    // An optional package may be for another platform.
    if (found === undefined) return optional !== true && peer !== true;
    return found.version !== version || found.integrity !== integrity || !existsSync(path.join(root, place));
  });
  return missing?.[0];
}

/** @param {string} file @returns {Promise<LockFile>} */
async function readLock(file) {
  return /** @type {LockFile} */ (JSON.parse(await readFile(file, 'utf8')));
}
