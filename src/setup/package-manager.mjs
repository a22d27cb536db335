import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';

/** @typedef {'apt' | 'brew'} ManagerName */

/**
 * @typedef {object} Manager
 * @property {ManagerName} name
 * @property {boolean} mayInstall without anybody typing a password
 * @property {readonly string[]} prefix what to put before a command of the superuser
 */

/**
 * The package manager of this machine, and whether it lets us install: apt as root or through a `sudo` that asks for no
 * password, Homebrew as anybody.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<Manager | undefined>}
 */
export async function packageManager(signal) {
  if (findProgram(['apt-get']) !== undefined) {
    if (process.getuid?.() === 0) return { name: 'apt', mayInstall: true, prefix: [] };
    const sudo = await runCommand('sudo', ['-n', 'true'], { signal });
    return { name: 'apt', mayInstall: sudo.code === 0, prefix: ['sudo', '-n'] };
  }
  if (findProgram(['brew']) !== undefined) return { name: 'brew', mayInstall: true, prefix: [] };
  return undefined;
}

/**
 * The one command for a person to type.
 *
 * @param {Manager} manager
 * @param {readonly string[]} packages
 * @returns {string}
 */
export function installCommand({ name }, packages) {
  const list = packages.join(' ');
  return name === 'apt' ? `sudo apt-get update && sudo apt-get install -y ${list}` : `brew install ${list}`;
}

/**
 * Installs packages and says whether that went well. Lists are fetched, and a dpkg that was killed half-way is put
 * right, only when the first attempt fails.
 *
 * @param {Manager} manager
 * @param {readonly string[]} packages
 * @param {{ logPath: string, signal: AbortSignal }} options
 * @returns {Promise<boolean>}
 */
export async function installPackages({ name, prefix }, packages, options) {
  /** @param {string[]} command */
  const succeeds = async (...command) => {
    const [program = '', ...args] = [...prefix, ...command];
    return (await runCommand(program, args, options)).code === 0;
  };
  if (name === 'brew') return succeeds('brew', 'install', ...packages);
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  const apt = [...quiet, 'apt-get', '-o', 'DPkg::Lock::Timeout=300'];
  const install = () => succeeds(...apt, 'install', '-y', '--no-install-recommends', ...packages);
  if (await install()) return true;
  await succeeds(...quiet, 'dpkg', '--configure', '-a');
  await succeeds(...apt, 'update');
  return install();
}
