import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const CGROUP_ROOT = '/sys/fs/cgroup';

/**
 * How many threads of this process can run at the same time: the cores of its affinity mask, but no more than the CPU quota
 * of its cgroup and of the cgroups above it (Docker's `--cpus`, systemd's `CPUQuota`), whole ones, at least 1. An engine
 * with more threads than that is slower, sometimes many times.
 *
 * @param {{ available?: number, readText?: (path: string) => string | undefined }} [machine]
 * @returns {number}
 */
export function usableCores({ available = os.availableParallelism(), readText = readIfThere } = {}) {
  const quotas = cgroupFolders(readText('/proc/self/cgroup') ?? '').map((folder) => cpuQuota(folder, readText));
  return Math.max(1, Math.floor(Math.min(available, ...quotas)));
}

/**
 * The folders where a quota may stand: this process's cgroup in version 2 and version 1, each with all its parents. In a
 * container the path may be the host's while the mount is the container's own, so the roots are among them in any case.
 *
 * @param {string} procSelfCgroup
 * @returns {string[]}
 */
function cgroupFolders(procSelfCgroup) {
  const folders = [CGROUP_ROOT, path.join(CGROUP_ROOT, 'cpu')];
  for (const line of procSelfCgroup.split('\n')) {
    const [, controllers, place] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || place === undefined) continue;
    if (controllers !== '' && !controllers.split(',').includes('cpu')) continue;
    const root = controllers === '' ? CGROUP_ROOT : path.join(CGROUP_ROOT, 'cpu');
    for (let at = place; at !== '/'; at = path.dirname(at)) folders.push(path.join(root, at));
  }
  return folders;
}

/**
 * Cores that a cgroup may use: `cpu.max` is "quota period" or "max period"; version 1 has a file for each, -1 for none.
 *
 * @param {string} folder
 * @param {(path: string) => string | undefined} readText
 * @returns {number}
 */
function cpuQuota(folder, readText) {
  const [quota, period] =
    readText(path.join(folder, 'cpu.max'))?.trim().split(/\s+/) ??
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) => readText(path.join(folder, name))?.trim());
  const cores = Number(quota) / Number(period);
  return cores > 0 ? cores : Infinity;
}

/** @param {string} file @returns {string | undefined} */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // no such cgroup file: this machine sets no quota this way
  }
}

/**
 * How many compilers to run at once: a core each, and about 1 GiB of memory each (the server's source needs it).
 *
 * @returns {number}
 */
export function compileJobs() {
  const limit = process.constrainedMemory();
  const memory = limit > 0 && limit < os.totalmem() ? limit : os.totalmem();
  return Math.max(1, Math.min(usableCores(), Math.floor(memory / 2 ** 30)));
}
