import { freemem } from 'node:os';
import { join } from 'node:path';
import { cgroupFolders, readIfThere } from '../setup/cgroup-folders.mjs';

/**
 * Memory that can still be had without anything being killed: what the machine has left, but no more than what is left of the
 * limit of this cgroup and those above it. What the kernel only keeps of files is not in the way.
 */
export function freeMemoryBytes(machine: { free?: number; readText?: (path: string) => string | undefined } = {}): number {
  const { free = freemem(), readText = readIfThere } = machine;
  const left = cgroupFolders('memory', readText).flatMap((folder) => {
    const number = (file: string, pattern: RegExp) => Number.parseInt(pattern.exec(readText(join(folder, file)) ?? '')?.[1] ?? '', 10);
    const limits = [
      [number('memory.max', /^(\d+)/), number('memory.current', /^(\d+)/), number('memory.stat', /^inactive_file (\d+)/m)],
      [number('memory.limit_in_bytes', /^(\d+)/), number('memory.usage_in_bytes', /^(\d+)/), number('memory.stat', /^total_inactive_file (\d+)/m)],
    ];
    return limits.map(([limit = NaN, used = NaN, files = NaN]) => limit - (used - (files > 0 ? files : 0))).filter(Number.isFinite);
  });
  return Math.max(0, Math.min(free, ...left));
}
