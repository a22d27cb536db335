import type { Clock } from '../../supervisor/clock.js';
import type { AnyTask } from '../contract/task-definition.js';

const SHORTEST_MS = 1000;

export interface TaskRunnerDependencies {
  clock: Clock;
  /** How long until the next run, by what the module says now. */
  everyMs: (task: AnyTask) => number;
  /** One run; never rejects. */
  run: (task: AnyTask) => Promise<void>;
}

/**
 * Runs a task again and again, each run begun `everyMs` after the last one began, or when that one ends where it takes longer; the first
 * after the first wait. Resolves when the signal is aborted.
 */
export async function repeatTask(task: AnyTask, { clock, everyMs, run }: TaskRunnerDependencies, signal: AbortSignal): Promise<void> {
  let beganMs = clock.nowMs();
  while (!signal.aborted) {
    const waitMs = beganMs + Math.max(SHORTEST_MS, everyMs(task)) - clock.nowMs();
    if (!(await slept(clock, Math.max(0, waitMs), signal))) return;
    beganMs = clock.nowMs();
    await run(task);
  }
}

/** Timers take no longer wait than 24 days: days pass one by one. */
const LONGEST_MS = 86_400_000;

async function slept(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    for (let leftMs = ms; leftMs > 0; leftMs -= LONGEST_MS) await clock.sleep(Math.min(leftMs, LONGEST_MS), signal);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
