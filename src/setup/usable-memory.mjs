import os from 'node:os';
import path from 'node:path';
import { cgroupFolders, readIfThere } from './cgroup-folders.mjs';

/**
 * How much memory this process and its children may have: that of the machine, but no more than the limit of its cgroup and
 * of the cgroups above it (Docker's `--memory`, systemd's `MemoryMax`). Swap is not counted: an engine that swaps is of no use.
 *
 * @param {{ totalBytes?: number, readText?: (path: string) => string | undefined }} [machine]
 * @returns {number} bytes
 */
export function usableMemoryBytes({ totalBytes = os.totalmem(), readText = readIfThere } = {}) {
  const limits = cgroupFolders('memory', readText).flatMap((folder) =>
    ['memory.max', 'memory.limit_in_bytes'].map((name) => Number.parseInt(readText(path.join(folder, name)) ?? '', 10)),
  );
  return Math.min(totalBytes, ...limits.filter((limit) => limit > 0));
}
