import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../log/logger.js';
import { openArena, removeFolder } from '../sandbox/chaos/arena.js';
import { ChaosClips } from '../sandbox/chaos/chaos-clips.js';
import { chaosPlan, type PlannedVoice } from '../sandbox/chaos/chaos-plan.js';
import { describeFault } from '../sandbox/chaos/fault.js';
import { ChaosRun, type ChaosResult } from '../sandbox/chaos/run-chaos.js';
import { ServiceGroup } from '../supervisor/service-group.js';
import { chaosTable, hasFailed, offenderAccount } from './chaos-report.js';
import { EXIT_FAILURE } from './exit-status.js';

export interface ChaosOptions {
  voices: number;
  seed: number;
  minutes?: number;
  /** GRAMSCRIBE_PACE of the daemon; without it as everybody has it. */
  pace?: string;
  /** Print the plan and do nothing. */
  plan?: boolean;
  /** Print the result as JSON, and nothing else to the standard output. */
  json?: boolean;
  /** Leave the folder with the daemon's log and data. */
  keep?: boolean;
}

export interface ChaosDependencies {
  log: Logger;
  environment: Readonly<Record<string, string | undefined>>;
}

const STOP_DEADLINE_MS = 15_000;
/** Longer than anything waits by design that is not told to by Telegram. */
const PATIENCE_MS = 150_000;
const AFTERMATH_MS = 8000;

/**
 * The real daemon between a sandbox Telegram and everything that can break, by a plan that the seed gives; resolves with
 * the exit status: 1 where a voice was lost, or answered twice or wrongly.
 */
export async function chaos(options: ChaosOptions, deps: ChaosDependencies, signal: AbortSignal): Promise<number> {
  const { seed, voices, minutes } = options;
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-chaos-'));
  const services = new ServiceGroup({ log: deps.log, stopDeadlineMs: STOP_DEADLINE_MS });
  let isKept = options.keep === true;
  try {
    const clips = await ChaosClips.open(folder);
    const spread = minutes === undefined ? {} : { spreadMs: minutes * 60_000 };
    const plan = chaosPlan({ seed, voices, ...spread, clipIds: clips.ids, longClipIds: clips.longIds });
    if (options.plan === true) {
      for (const voice of plan) console.log(planLine(voice));
      return 0;
    }
    await clips.prepare(plan, signal);
    const settings = options.pace === undefined ? {} : { GRAMSCRIBE_PACE: options.pace };
    const arena = await openArena({ ...deps, folder, settings }, (service) => services.start(service, signal), signal);
    const startedAtMs = Date.now();
    const onHappening = ({ atMs, what }: { atMs: number; what: string }) => console.error(`${clock(atMs - startedAtMs)}  ${what}`);
    const result = await new ChaosRun(arena, { seed, plan, clips, patienceMs: PATIENCE_MS, aftermathMs: AFTERMATH_MS, onHappening }).run(signal);
    isKept ||= hasFailed(result);
    report(result, options.json === true, isKept ? arena.logFile : undefined);
    return hasFailed(result) ? EXIT_FAILURE : 0;
  } catch (error) {
    // A stop on request comes out of every wait as an error of that wait.
    signal.throwIfAborted();
    throw error;
  } finally {
    await services.stop();
    if (!isKept) await removeFolder(folder);
  }
}

function report(result: ChaosResult, asJson: boolean, logFile: string | undefined): void {
  if (asJson) {
    console.log(JSON.stringify(result));
    return;
  }
  for (const offender of result.offenders) console.log(offenderAccount(offender));
  console.log(chaosTable(result));
  if (logFile !== undefined) console.log(`\nThe daemon's log: ${logFile}`);
}

function planLine({ index, pauseMs, place, from, clipId, kind, dc, fault, aside }: PlannedVoice): string {
  const forgotten = fault?.withoutRandomIds === true ? ', and Telegram forgets the random ids' : '';
  const broken = fault ? `; ${fault.afterMs} ms later: ${describeFault(fault.fault)}${fault.lastsMs > 0 ? `, for ${fault.lastsMs} ms` : ''}${forgotten}` : '';
  const also = aside ? `; ${aside.kind}${aside.kind === 'command' ? ` ${aside.text}` : ''}` : '';
  return `${index}: ${pauseMs} ms later ${from} in ${place}: ${kind} ${clipId} in data centre ${dc}${also}${broken}`;
}

function clock(ms: number): string {
  return `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${((ms % 60_000) / 1000).toFixed(2).padStart(5, '0')}`;
}
