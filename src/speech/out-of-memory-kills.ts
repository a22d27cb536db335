import { join } from 'node:path';
import { cgroupFolders, readIfThere } from '../setup/cgroup-folders.mjs';

/**
 * How many processes the kernel has killed for want of memory in the cgroup of this one or above it; 0 where nobody counts.
 * A few small files: quick enough to be asked at the start and at the end of a process.
 */
export function outOfMemoryKills(readText: (path: string) => string | undefined = readIfThere): number {
  const counts = cgroupFolders('memory', readText).flatMap((folder) =>
    ['memory.events', 'memory.oom_control'].map((name) => Number(/^oom_kill (\d+)$/m.exec(readText(join(folder, name)) ?? '')?.[1] ?? 0)),
  );
  return Math.max(0, ...counts);
}
