import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** `gramscribe demo` as a viewer starts it, in a process of its own. */
export class RunningDemo {
  output = '';
  readonly exited: Promise<number | string>;

  private constructor(
    private readonly child: ChildProcess,
    /** All of its temporary files. */
    readonly folder: string,
  ) {
    this.exited = once(child, 'exit').then(([code, signal]) => (code as number | null) ?? String(signal));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    }
  }

  static start(folder: string, language: 'en' | 'ru', args: string[] = []): RunningDemo {
    const { PATH, HOME, XDG_CACHE_HOME } = process.env;
    const env = { PATH, HOME, XDG_CACHE_HOME, TMPDIR: folder, GRAMSCRIBE_LANG: language };
    const child = spawn(process.execPath, [MAIN, 'demo', '--no-open', '--model', 'nano', ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new RunningDemo(child, folder);
  }

  /** The page's address, once the demo says that it is ready; rejects when it ends before. */
  async address(): Promise<string> {
    const found = (): string | undefined => /http:\/\/127\.0\.0\.1:\d+\//.exec(this.output)?.[0];
    const said = new Promise<void>((resolve) => {
      const look = () => found() !== undefined && resolve();
      this.child.stdout?.on('data', look);
      look();
    });
    const ended = this.exited.then((how) => {
      throw new Error(`the demo ended (${how}) before it was ready:\n${this.output}`);
    });
    await Promise.race([said, ended]);
    return found() ?? '';
  }

  /** Process ids of what it has started: the daemon. */
  async children(): Promise<number[]> {
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(this.child.pid)]);
    return stdout.trim().split(/\s+/).map(Number);
  }

  /** What a terminal window that is closed does: nobody reads any more, and a signal. */
  async hangUp(): Promise<number | string> {
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.destroy();
    return this.end('SIGHUP');
  }

  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | string> {
    this.child.kill(signal);
    return this.exited;
  }
}
