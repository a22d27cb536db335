import os from 'node:os';
import path from 'node:path';
import { cgroupFolders, readIfThere } from './cgroup-folders.mjs';
import { usableMemoryBytes } from './usable-memory.mjs';

/**
 * How many threads of this process can run at the same time: the cores of its affinity mask, but no more than the CPU quota
 * of its cgroup and of the cgroups above it (Docker's `--cpus`, systemd's `CPUQuota`), whole ones, at least 1. An engine
 * with more threads than that is slower, sometimes many times.
 *
 * @param {{ available?: number, readText?: (path: string) => string | undefined }} [machine]
 * @returns {number}
 */
export function usableCores({ available = os.availableParallelism(), readText = readIfThere } = {}) {
  const quotas = cgroupFolders('cpu', readText).map((folder) => cpuQuota(folder, readText));
  return Math.max(1, Math.floor(Math.min(available, ...quotas)));
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

/**
 * How many compilers to run at once: a core each, and about 1 GiB of memory each (the server's source needs it).
 *
 * @returns {number}
 */
export function compileJobs() {
  return Math.max(1, Math.min(usableCores(), Math.floor(usableMemoryBytes() / 2 ** 30)));
}
