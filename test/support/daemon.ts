import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sandbox } from '../../src/sandbox/sandbox.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The daemon as its users run it: a process of its own, with nothing but its environment. */
export class Daemon {
  readonly output: string[] = [];
  readonly #environment: Record<string, string>;
  readonly #listeners = new Set<() => void>();
  #child: ChildProcess | undefined;
  #exit: Promise<number | string> | undefined;

  private constructor(
    readonly dataDir: string,
    environment: Record<string, string>,
  ) {
    this.#environment = environment;
  }

  /** A daemon of the sandbox's user who holds this string session, not started yet. `remove` when done. */
  static async for(sandbox: Sandbox, session: string, environment: Record<string, string> = {}): Promise<Daemon> {
    const folder = await mkdtemp(join(tmpdir(), 'gramscribe-e2e-'));
    const keyFile = join(folder, 'dc.pem');
    await writeFile(keyFile, sandbox.publicKeyPem);
    return new Daemon(join(folder, 'data'), {
      TELEGRAM_API_ID: '1',
      TELEGRAM_API_HASH: '0123456789abcdef0123456789abcdef',
      TELEGRAM_SESSION: session,
      TELEGRAM_TEST_DC: sandbox.testDc,
      TELEGRAM_TEST_DC_KEY: keyFile,
      GRAMSCRIBE_DATA: join(folder, 'data'),
      GRAMSCRIBE_MODEL: 'nano',
      GRAMSCRIBE_WINDOW: '15s',
      GRAMSCRIBE_LANG: 'en',
      GRAMSCRIBE_HEALTH_PORT: 'off',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
      ...environment,
    });
  }

  /** A second one with the same environment and folder, run until it ends or is connected. */
  async twin(): Promise<Daemon> {
    const twin = new Daemon(this.dataDir, this.#environment);
    await twin.start({ untilLine: '' });
    return twin;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it and waits until it is connected, unless told not to. */
  async start({ untilLine = 'The bot is running!' }: { untilLine?: string } = {}): Promise<void> {
    const { PATH, HOME, XDG_CACHE_HOME } = process.env;
    const inherited = { PATH, HOME, ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }) };
    const from = this.output.length;
    const child = spawn(process.execPath, [MAIN, 'start'], {
      env: { ...inherited, ...this.#environment },
      cwd: join(this.dataDir, '..'),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        this.output.push(...lines);
        for (const listener of this.#listeners) listener();
      });
    }
    // `exit` may come before the last lines that it wrote.
    this.#exit = once(child, 'close').then(([code, signal]) => (code as number | null) ?? String(signal));
    await this.line(untilLine, from);
  }

  /** Starts it unless it runs: tests must not depend on what an earlier one left. */
  async ensureStarted(): Promise<void> {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) await this.start();
  }

  /** Resolves with the first line from `from` on that has all the texts; rejects when the process ends without it. */
  async line(texts: string | string[], from = 0): Promise<string> {
    const wanted = [texts].flat();
    const found = (): string | undefined =>
      this.output.slice(from).find((line) => wanted.every((text) => line.includes(text)));
    const exited = this.#exit?.then((status) => {
      if (found() !== undefined) return;
      throw new Error(`the daemon ended (${status}) without "${wanted.join('", "')}":\n${this.output.join('\n')}`);
    });
    const seen = new Promise<void>((resolve) => {
      const listener = (): void => {
        if (found() === undefined) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
      listener();
    });
    await Promise.race([seen, exited]);
    return found() ?? '';
  }

  /** Sends the signal and resolves with the exit status, or the name of the signal that ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.#child?.kill(signal);
    return this.exited();
  }

  /** Resolves when the process has ended by itself. */
  async exited(): Promise<number | string> {
    return (await this.#exit) ?? 'never started';
  }

  /** Ends it if it still runs, and removes its folder. */
  async remove(): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) await this.end();
    await rm(join(this.dataDir, '..'), { recursive: true, force: true });
  }
}
