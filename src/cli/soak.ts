import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArena, removeFolder } from '../sandbox/chaos/arena.js';
import { ChaosClips } from '../sandbox/chaos/chaos-clips.js';
import { SoakRun } from '../sandbox/chaos/run-soak.js';
import { ServiceGroup } from '../supervisor/service-group.js';
import type { ChaosDependencies } from './chaos.js';
import { EXIT_FAILURE } from './exit-status.js';
import { soakFaults, soakTable } from './soak-report.js';

export interface SoakCommandOptions {
  minutes: number;
  /** Of the storm in other chats. */
  updates: number;
  json?: boolean;
}

const STOP_DEADLINE_MS = 15_000;
const LONGEST_WARM_UP_MS = 180_000;

/**
 * The real daemon under a steady load for a long time, and what becomes of its memory, its event loop, its files and its
 * processes; resolves with the exit status: 1 where one of them is not as it should be.
 */
export async function soak(options: SoakCommandOptions, deps: ChaosDependencies, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-soak-'));
  const services = new ServiceGroup({ log: deps.log, stopDeadlineMs: STOP_DEADLINE_MS });
  try {
    const clips = await ChaosClips.open(folder);
    await clips.prepare(clips.ids.map((clipId) => ({ clipId, kind: 'voice' as const })), signal);
    // A log at level debug would be most of what is measured.
    const settings = { LOG_LEVEL: 'info' };
    const arena = await openArena({ ...deps, folder, settings }, (service) => services.start(service, signal), signal);
    const warmUpMs = Math.min(LONGEST_WARM_UP_MS, options.minutes * 20_000);
    const onSample = (line: string): void => console.error(line);
    const result = await new SoakRun(arena, { minutes: options.minutes, warmUpMs, updatesPerSecond: options.updates, clips, onSample }).run(signal);
    const faults = soakFaults(result);
    console.log(options.json === true ? JSON.stringify({ ...result, faults }) : soakTable(result));
    for (const fault of faults) console.error(fault);
    return faults.length > 0 ? EXIT_FAILURE : 0;
  } catch (error) {
    // A stop on request comes out of every wait as an error of that wait.
    signal.throwIfAborted();
    throw error;
  } finally {
    await services.stop();
    await removeFolder(folder);
  }
}
