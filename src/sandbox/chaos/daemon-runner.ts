import { EventEmitter, once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.js';
import { DaemonProcess, type DaemonProcessOptions } from '../demo/daemon-process.js';

/** One run of the daemon's process. */
export interface Life {
  pid: number;
  startedAtMs: number;
  /** Absent while it lives. */
  end?: { atMs: number; how: string; cause: string };
}

export interface DaemonRunnerOptions extends Pick<DaemonProcessOptions, 'main' | 'folder' | 'environment'> {
  /** Everything that the daemon writes goes there too. */
  logFile: string;
}

/** An end that nobody asked for is followed by a new start after this time, as a container's would be. */
const RESTART_MS = 1000;
/** The cause of an end that nobody asked for. */
export const BY_ITSELF = 'by itself';

interface RunnerEvents {
  up: [Life];
  end: [Life];
  line: [string];
}

/** The real daemon as a container runs it: a process that is started again whenever it ends. */
export class DaemonRunner {
  readonly lives: Life[] = [];
  readonly events = new EventEmitter<RunnerEvents>();
  private readonly log: WriteStream;
  private readonly stopping = new AbortController();
  private process: DaemonProcess | undefined;
  private next: { downMs: number; cause: string } | undefined;

  constructor(private readonly options: DaemonRunnerOptions) {
    this.log = createWriteStream(options.logFile, { flags: 'a' });
    this.events.setMaxListeners(0);
  }

  /** The process that runs now. */
  get life(): Life | undefined {
    const last = this.lives.at(-1);
    return last?.end === undefined ? last : undefined;
  }

  async start(): Promise<void> {
    const process = new DaemonProcess({
      ...this.options,
      onLine: (line) => {
        this.log.write(`${line}\n`);
        this.events.emit('line', line);
      },
      onEnd: (how) => void this.onEnd(how),
    });
    await process.start();
    this.process = process;
    const life = { pid: process.pid ?? 0, startedAtMs: Date.now() };
    this.lives.push(life);
    this.events.emit('up', life);
  }

  /** Asks it to stop, and it stays stopped. Idempotent. Resolves with how it ended. */
  async stop(): Promise<string> {
    this.stopping.abort(new AppError('the runner is being stopped'));
    this.next = { downMs: 0, cause: 'the end of the run' };
    await this.process?.stop();
    return this.lives.at(-1)?.end?.how ?? 'not started';
  }

  /** True where the last process did not end in order, and may have left something behind. */
  get hasCrashed(): boolean {
    return this.process?.hasCrashed ?? false;
  }

  /** Resolves at once where the daemon's process runs, else when it does. */
  async untilUp(signal: AbortSignal): Promise<Life> {
    return this.life ?? ((await once(this.events, 'up', { signal })) as [Life])[0];
  }

  /** Ends the process with the signal; resolves when it runs again, which is `downMs` after its end. */
  async restart(name: NodeJS.Signals, { downMs, cause }: { downMs: number; cause: string }, signal: AbortSignal): Promise<void> {
    await this.untilUp(signal);
    this.next = { downMs, cause };
    const up = once(this.events, 'up', { signal });
    this.signal(name);
    // One that is frozen would take note of SIGTERM only when it is not any more.
    this.signal('SIGCONT');
    await up;
  }

  signal(name: NodeJS.Signals): void {
    this.process?.signal(name);
  }

  private async onEnd(how: string): Promise<void> {
    const life = this.lives.at(-1);
    const { downMs, cause } = this.next ?? { downMs: RESTART_MS, cause: BY_ITSELF };
    this.next = undefined;
    if (life) {
      life.end = { atMs: Date.now(), how, cause };
      this.events.emit('end', life);
    }
    const { signal } = this.stopping;
    await sleep(downMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await this.start();
  }
}
