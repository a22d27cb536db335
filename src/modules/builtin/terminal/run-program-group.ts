import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../errors.js';

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

/**
 * Runs a program in a process group of its own, with no input and an environment of three words, until it exits; then, at the
 * deadline or at an abort, the whole group is ended (TERM, then KILL). Resolves or rejects when nothing of the group is left.
 */
export async function runProgramGroup(run: GroupRun, signal: AbortSignal): Promise<GroupEnd> {
  signal.throwIfAborted();
  const child = spawn(run.argv[0], run.argv.slice(1), {
    cwd: run.folder,
    env: { PATH: PROGRAM_PATH, LANG: 'C.UTF-8', HOME: run.folder },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', run.onText);
  const closed = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  const exit = exitOf(child);
  const deadline = AbortSignal.timeout(run.deadlineMs);
  try {
    return await Promise.race([exit, whenAborted(AbortSignal.any([signal, deadline]))]);
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    return { kind: 'deadline' };
  } finally {
    await endGroup(child, exit);
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

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}

async function endGroup({ pid }: ChildProcess, exit: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  const endsAtMs = performance.now() + TERM_GRACE_MS;
  for (let alive = tell(pid, 'SIGTERM'); alive && performance.now() < endsAtMs; alive = tell(pid, 0)) await sleep(25);
  tell(pid, 'SIGKILL');
  await exit.catch(() => undefined);
}

/** Whether there was anybody in the group to tell. */
function tell(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return false;
    // Somebody else's now (sudo): it is there, and not ours to end.
    if (code === 'EPERM') return true;
    throw error;
  }
}
