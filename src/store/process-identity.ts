import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process, so that it can be told from every other one, also from a later one with the same number. */
export interface ProcessIdentity {
  host: string;
  /** The machine since it was started, and the container: only within one can it be known whether a process lives. */
  machine: string;
  pid: number;
  /** See `processStart`. */
  start: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const host = hostname();
  const marks = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').then((id) => id.trim()),
    readlink('/proc/self/ns/pid'),
  ]).catch(() => []); // macOS and others have no /proc: the host's name has to do.
  return { host, machine: [host, ...marks].join(' '), pid: process.pid, start: await processStart(process.pid) };
}

/** True where the process ran on this machine and does not any more; false also where that cannot be known. */
export async function isCertainlyGone({ machine, pid, start }: ProcessIdentity, self: ProcessIdentity): Promise<boolean> {
  return machine === self.machine && (await processStart(pid)) !== start;
}

/**
 * When a process started, in ticks since boot (field 22 of proc_pid_stat(5)), so that a reused number is told apart;
 * `gone` where there is no such process; `alive` where the system has no /proc.
 */
export async function processStart(pid: number): Promise<string> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'alive';
  } catch {
    // macOS and others: the number alone has to do.
    return 'alive';
  }
}
