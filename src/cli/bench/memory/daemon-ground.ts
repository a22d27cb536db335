import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArena, removeFolder, type Arena } from '../../../sandbox/chaos/arena.js';
import type { ChaosDependencies } from '../../chaos.js';
import { ServiceGroup } from '../../../supervisor/service-group.js';

export type Ground = Arena & {
  /** The daemon's process, without those that it has started. */
  pid: number;
};

const STOP_DEADLINE_MS = 15_000;

/** The real daemon against the sandbox, as fast as it can send; everything is stopped and removed afterwards. */
export async function onDaemonGround<T>(deps: ChaosDependencies, work: (ground: Ground) => Promise<T>, signal: AbortSignal): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-memory-'));
  const services = new ServiceGroup({ log: deps.log, stopDeadlineMs: STOP_DEADLINE_MS });
  try {
    const settings = { LOG_LEVEL: 'info', GRAMSCRIBE_PACE: 'off' };
    const arena = await openArena({ ...deps, folder, settings }, (service) => services.start(service, signal), signal);
    const { pid } = await arena.daemon.untilUp(signal);
    return await work({ ...arena, pid });
  } finally {
    await services.stop();
    await removeFolder(folder);
  }
}

/** Resident now, and at its most so far, by the kernel's account (Linux). Without children. */
export async function memoryOf(pid: number): Promise<{ residentBytes: number; peakBytes: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? NaN) * 1024;
  return { residentBytes: field('VmRSS'), peakBytes: field('VmHWM') };
}
