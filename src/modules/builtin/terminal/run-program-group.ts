import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../errors.js';
import { withLinkedAbort } from '../../../linked-abort.js';
import { orAborted } from '../../../or-aborted.js';
import { MARK_VARIABLE, markedProcesses } from './marked-processes.js';

export interface GroupRun {
  /** The program's path and its arguments. */
  argv: readonly [string, ...string[]];
  folder: string;
  deadlineMs: number;
  /** Told of what it writes, on either output, as text; bytes that are none become U+FFFD. */
  onText: (text: string) => void;
}

export type GroupEnd = { kind: 'exit'; status: number } | { kind: 'signal'; signal: string } | { kind: 'deadline' };

/** The program is there, but the system does not start it. */
export class CannotStartError extends AppError {}

/** Where programs are looked for; nothing of the daemon's own environment reaches them. */
export const PROGRAM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** From the word to stop to being stopped. */
const TERM_GRACE_MS = 1500;
/** For the last of the output, where something that left the group holds the pipe open. */
const DRAIN_MS = 300;
/** Whoever starts new processes faster than they are looked for is left to the system in the end. */
const KILL_ROUNDS = 20;

/**
 * Runs a program in a process group of its own, with no input and an environment of four words, until it exits; then, at the
 * deadline or at an abort, the group and whatever has left it (`setsid`, `nohup`, a daemon) is ended: TERM, then KILL. Resolves or
 * rejects when nothing of it is left.
 */
export async function runProgramGroup(run: GroupRun, signal: AbortSignal): Promise<GroupEnd> {
  signal.throwIfAborted();
  const mark = randomUUID();
  const child = spawn(run.argv[0], run.argv.slice(1), {
    cwd: run.folder,
    env: { PATH: PROGRAM_PATH, LANG: 'C.UTF-8', HOME: run.folder, [MARK_VARIABLE]: mark },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', run.onText);
  const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const exit = exitOf(child);
  const deadline = AbortSignal.timeout(run.deadlineMs);
  try {
    return await withLinkedAbort([signal, deadline], (until) => orAborted(exit, until));
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    return { kind: 'deadline' };
  } finally {
    await endAll(child, mark);
    await exit.catch(() => undefined);
    await Promise.race([closed, sleep(DRAIN_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function exitOf(child: ChildProcess): Promise<GroupEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new CannotStartError('a program could not be started', { cause: error })));
    child.once('exit', (status, killedBy) => resolve(status === null ? { kind: 'signal', signal: killedBy ?? '?' } : { kind: 'exit', status }));
  });
}

async function endAll({ pid }: ChildProcess, mark: string): Promise<void> {
  if (pid === undefined) return;
  const endsAtMs = performance.now() + TERM_GRACE_MS;
  for (let alive = await tellAll(pid, mark, 'SIGTERM'); alive && performance.now() < endsAtMs; alive = await tellAll(pid, mark, 0)) await sleep(25);
  for (let round = 0; round < KILL_ROUNDS && (await tellAll(pid, mark, 'SIGKILL')); round += 1) await sleep(10);
}

/** Whether there is anybody left to wait for. */
async function tellAll(group: number, mark: string, signal: NodeJS.Signals | 0): Promise<boolean> {
  const isInGroup = tell(-group, signal);
  const marked = await markedProcesses(mark);
  // A group counts its dead until somebody asks for them; they have no mark any more.
  if (marked === undefined) return isInGroup;
  for (const pid of marked) tell(pid, signal);
  return marked.length > 0;
}

/** Whether there was anybody to tell. */
function tell(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // Somebody else's now (sudo): it is there, and not ours to end.
    if (code === 'EPERM') return true;
    throw error;
  }
}
