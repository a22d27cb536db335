import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface DaemonProcessOptions {
  /** Path of the compiled entry. */
  main: string;
  /** Its working folder: one without an `.env`. */
  folder: string;
  environment: Readonly<Record<string, string>>;
  onLine: (line: string) => void;
  /** It has ended, asked to or not: `status 1`, `SIGKILL`. */
  onEnd: (how: string) => void;
}

const STOP_DEADLINE_MS = 7000;

/** The real daemon in a process of its own. */
export class DaemonProcess {
  private child: ChildProcess | undefined;
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: DaemonProcessOptions) {}

  /** It has ended otherwise than by a clean stop, and may have left its Redis behind. */
  get hasCrashed(): boolean {
    const { exitCode = 0, signalCode = null } = this.child ?? {};
    return signalCode !== null || (exitCode !== null && exitCode !== 0);
  }

  /** Undefined before it runs. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Sends the signal to it and to nothing that it has started. */
  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Resolves when the process runs; whether the daemon comes up is told by its log. */
  async start(): Promise<void> {
    const { main, folder, environment, onLine, onEnd } = this.options;
    const child = spawn(process.execPath, [main, 'start'], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A Ctrl-C in the terminal reaches the whole process group; the daemon is to get one signal, from `stop`.
      detached: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    child.once('exit', (status, killedBy) => onEnd(killedBy ?? `status ${status ?? 'unknown'}`));
    await once(child, 'spawn');
  }

  /** Asks it to stop; past a deadline it is killed with all that it has started. Resolves when it is gone. Idempotent. */
  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    const { pid } = child;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const kill = setTimeout(() => killGroup(pid), STOP_DEADLINE_MS);
      await gone;
      clearTimeout(kill);
    }
    // A daemon that was killed leaves its engine behind.
    killGroup(pid);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
