import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, ReplyError } from 'ioredis';
import pRetry from 'p-retry';
import { AppError, errorText, RetryableError, SetupError } from '../errors.js';
import type { Logger } from '../log/logger.js';

export interface RedisServerOptions {
  /** Holds the append-only file; made with mode 0700. */
  dir: string;
  log: Logger;
  /** How long a server that says nothing at all may take to start. */
  startDeadlineMs?: number;
}

const START_DEADLINE_MS = 30_000;
const ASK_DEADLINE_MS = 2000;
const TELL_LOADING_MS = 10_000;
const STOP_DEADLINE_MS = 5000;
/** Somebody ended it as it started: that is no fault of the set-up. */
const START_AGAIN = { retries: 5, minTimeout: 200, factor: 2 };
const RESTART_BACKOFF = { retries: Infinity, minTimeout: 500, factor: 2, maxTimeout: 30_000 };
/** The longest path that a unix socket may have (sun_path). */
const MAX_SOCKET_PATH = 103;

/**
 * A `redis-server` of the daemon's own on a unix socket: append-only file, `everysec`, `noeviction`, no TCP port.
 * Restarted if it dies, stopped with its data written. One that a killed daemon left behind is told to save and leave
 * before a new one starts, so there are never two on one folder (the caller holds the lock of the data folder).
 */
export class RedisServer {
  readonly socketPath: string;
  readonly #options: RedisServerOptions;
  #child: ChildProcess | undefined;
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | undefined;

  constructor(options: RedisServerOptions) {
    this.#options = options;
    const beside = join(options.dir, 'redis.sock');
    const short = createHash('sha256').update(options.dir).digest('hex').slice(0, 16);
    this.socketPath = Buffer.byteLength(beside) <= MAX_SOCKET_PATH ? beside : join(tmpdir(), `gramscribe-${short}.sock`);
  }

  /** Process id of the running server, for tests and `.status`. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the server answers and has loaded its data. @throws SetupError where it cannot be started. */
  async start(signal: AbortSignal): Promise<void> {
    const { dir } = this.#options;
    await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw new SetupError(`${dir} cannot be used (${errorText(error)})`, `${dir} has to be a folder that this user may write to.`, { cause: error });
    });
    await this.#removeLeftOver();
    await pRetry(() => this.#spawn(signal), { ...START_AGAIN, signal, shouldRetry: ({ error }) => error instanceof RetryableError });
  }

  /** Resolves when the server has written everything and is gone. Idempotent. */
  stop(): Promise<void> {
    this.#stopping.abort(new AppError('redis-server is being stopped'));
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const done = new AbortController();
    await Promise.race([gone, sleep(STOP_DEADLINE_MS, undefined, { signal: done.signal }).then(() => child.kill('SIGKILL'))]);
    done.abort();
    await gone;
  }

  async #spawn(signal: AbortSignal): Promise<void> {
    const output: string[] = [];
    // Its own process group: a Ctrl-C on the terminal must not end it before the jobs are parked.
    const child = spawn('redis-server', this.#arguments(), { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    // A process that leaves at once (a second signal) takes it along; told to end, it writes its data first.
    const endWithUs = (): void => void child.kill('SIGTERM');
    process.once('exit', endWithUs);
    child.once('exit', () => process.off('exit', endWithUs));
    const spawned = once(child, 'spawn', { signal }).catch((error: unknown) => {
      throw new SetupError('redis-server could not be started', 'Install redis-server, or set REDIS_URL to a server of your own.', {
        cause: error,
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output.push(chunk.trimEnd());
        output.splice(0, output.length - 20);
        this.#options.log.debug({ component: 'redis-server' }, chunk.trimEnd());
      });
    }
    await spawned;
    try {
      await this.#untilReady(child, output, signal);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    child.once('exit', (code, killedBy) => this.#onExit(code, killedBy));
    if (hasEnded(child)) this.#onExit(child.exitCode, child.signalCode);
  }

  #arguments(): string[] {
    const flags = {
      port: '0',
      unixsocket: this.socketPath,
      unixsocketperm: '700',
      dir: this.#options.dir,
      appendonly: 'yes',
      appendfsync: 'everysec',
      'maxmemory-policy': 'noeviction',
      save: '',
      daemonize: 'no',
      'aof-load-truncated': 'yes',
    };
    return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  }

  /** A server that loads its data says so and takes as long as it takes; one that says nothing has a deadline. */
  async #untilReady(child: ChildProcess, output: string[], signal: AbortSignal): Promise<void> {
    const { dir, log, startDeadlineMs = START_DEADLINE_MS } = this.#options;
    let heardAtMs = performance.now();
    let toldAtMs = heardAtMs;
    for (;;) {
      signal.throwIfAborted();
      if (child.exitCode === 0 || child.signalCode !== null) {
        throw new RetryableError(`redis-server was ended from outside as it started (${child.signalCode ?? 'status 0'})`);
      }
      if (hasEnded(child)) {
        throw new SetupError(`redis-server ended at once:\n${output.join('\n')}`, `Look at ${dir}: disk space, rights.`);
      }
      const found = await stateOf(this.socketPath);
      if (found === 'ready') return;
      const nowMs = performance.now();
      if (found === 'loading') heardAtMs = nowMs;
      if (nowMs - heardAtMs > startDeadlineMs) {
        throw new SetupError(`redis-server did not answer within ${startDeadlineMs / 1000} s`, `Look at ${dir}.`);
      }
      if (found === 'loading' && nowMs - toldAtMs > TELL_LOADING_MS) {
        toldAtMs = nowMs;
        log.info('redis-server is still loading its data; everything waits for it');
      }
      await sleep(25, undefined, { signal });
    }
  }

  #onExit(code: number | null, killedBy: NodeJS.Signals | null): void {
    if (this.#stopping.signal.aborted) return;
    this.#options.log.error(`redis-server ended (${killedBy ?? `status ${code ?? 'unknown'}`}); starting it again`);
    void this.#restart();
  }

  /** Until it runs again or the daemon stops: commands wait in their connections meanwhile. */
  async #restart(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      await pRetry(() => this.#spawn(signal), {
        ...RESTART_BACKOFF,
        signal,
        onFailedAttempt: ({ error }) => {
          if (!signal.aborted) this.#options.log.error({ err: error }, `redis-server cannot be started, again within 30 s: ${errorText(error)}`);
        },
      });
      this.#options.log.info('redis-server runs again, with the data that it had written');
    } catch (error) {
      if (!signal.aborted) throw error;
      await this.#stop();
    }
  }

  async #removeLeftOver(): Promise<void> {
    if (!(await exists(this.socketPath))) return;
    const client = new Redis({ path: this.socketPath, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    // Errors come back through connect() and shutdown() below; without a listener ioredis prints them.
    client.on('error', (error) => this.#options.log.debug({ err: error }, 'the redis-server left behind'));
    try {
      await client.connect();
    } catch (error) {
      this.#options.log.debug({ err: error }, 'a socket was left behind, with no redis-server on it');
      await rm(this.socketPath, { force: true });
      return;
    }
    this.#options.log.warn('a redis-server of an earlier run is still there; it saves and leaves first');
    const closed = once(client, 'end');
    await client.shutdown().catch((error: unknown) => this.#options.log.debug({ err: error }, 'shutdown closes the connection'));
    await closed;
    client.disconnect();
    for (let waitedMs = 0; await exists(this.socketPath); waitedMs += 25) {
      if (waitedMs > STOP_DEADLINE_MS) throw new AppError('the redis-server of an earlier run does not leave');
      await sleep(25);
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** `loading`: it is there and reads its data; undefined: nobody answers. */
async function stateOf(path: string): Promise<'ready' | 'loading' | undefined> {
  const client = new Redis({
    path,
    lazyConnect: true,
    // ioredis would hide the loading, and wait for its end as long as that takes.
    enableReadyCheck: false,
    connectTimeout: ASK_DEADLINE_MS,
    commandTimeout: ASK_DEADLINE_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return 'ready';
  } catch (error) {
    // Whatever else is wrong: the caller asks again until its deadline.
    return error instanceof ReplyError && errorText(error).startsWith('LOADING') ? 'loading' : undefined;
  } finally {
    client.disconnect();
  }
}
