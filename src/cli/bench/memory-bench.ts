import { AppError } from '../../errors.js';
import type { ChaosDependencies } from '../chaos.js';
import { writeSection } from './benchmark-document.js';
import { measureEngineMemory, renderEngineMemory, type EngineMemory, type EngineMemoryDependencies } from './memory/engine-memory.js';
import { measureHourMemory, renderHourMemory } from './memory/hour-memory.js';
import { measureVoicesMemory, renderVoicesMemory } from './memory/voices-memory.js';

export interface MemoryBenchOptions {
  /** One of these; without any, the first with 1000. */
  voices?: number;
  minutes?: number;
  engine?: EngineMemory['shape'];
  write: boolean;
}

const VOICES = 1000;

/** What the daemon or its engine takes of memory; each measurement has its own section. Linux only. */
export async function benchMemory(
  { voices = VOICES, minutes, engine, write }: MemoryBenchOptions,
  deps: ChaosDependencies & EngineMemoryDependencies & { version: string },
  signal: AbortSignal,
): Promise<number> {
  if (process.platform !== 'linux') throw new AppError('memory is measured on Linux only');
  const { version } = deps;
  const show = async (section: string, report: string): Promise<void> => {
    if (write) await writeSection(section, report);
    console.log(report);
  };
  if (engine !== undefined) await show('memory-engine', renderEngineMemory(await measureEngineMemory(engine, deps, signal), version));
  if (minutes !== undefined) await show('memory-hour', renderHourMemory(await measureHourMemory(minutes, deps, signal), version));
  if (engine === undefined && minutes === undefined) await show('memory', renderVoicesMemory(await measureVoicesMemory(voices, deps, signal), version));
  return 0;
}
