import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, SetupError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { LineTail } from '../media/line-tail.js';
import { causeOfEnd, EngineDiedError, type EndCause } from './engine-end.js';
import { ENGINE_ENVIRONMENT } from './engine-environment.js';
import { loopbackRequest, type FormField, type LoopbackAnswer } from './loopback-request.js';
import { outOfMemoryKills } from './out-of-memory-kills.js';
import { killOrphans, markChild, tether } from './orphans.js';
import { requireModel } from './require-model.js';
import { residentMemory } from './resident-memory.js';

export interface ServerProcessOptions {
  serverPath: string;
  modelPath: string;
  threads: number;
  flashAttention: boolean;
  /** Where running children are noted, see orphans.ts. */
  runDir: string;
  startTimeoutMs: number;
  log: Logger;
}

/** The port was taken between our choosing it and the server's binding it. */
class PortTakenError extends AppError {}

/** whisper-server's own exit codes: 1 after a failed bind, 3 for a model that it cannot load. */
const EXIT_BIND_FAILED = 1;
const EXIT_MODEL_REFUSED = 3;
const PORT_ATTEMPTS = 4;
const HEALTH_POLL_MS = 40;
/** Why it ended is in its last lines; what it says of the machine when it starts is not. */
const LAST_LINES = 3;
const LAST_LINE_CHARS = 120;

/** One run of `whisper-server` with one model, from its first answer to its death. */
export class ServerProcess {
  /** Resolves when the process is gone, with how it ended and its last words. */
  readonly ended: Promise<EngineDiedError>;
  private end: EngineDiedError | undefined;
  private isEndedByUs = false;
  private readonly killsBefore = outOfMemoryKills();
  private exitCode: number | null = null;
  private unmarked: Promise<void> = Promise.resolve();
  private readonly tail = new LineTail(LAST_LINES, LAST_LINE_CHARS);

  private constructor(
    private readonly child: ChildProcess,
    private readonly address: { port: number; path: string },
    log: Logger,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of this.tail.push(chunk)) log.debug({ line }, 'engine says');
    });
    this.ended = new Promise((resolve) => {
      const finish = (end: EndCause, how: string) => {
        this.end ??= new EngineDiedError(end, `the engine ${how}: ${this.tail.text()}`);
        resolve(this.end);
      };
      child.once('error', (error) => finish('crash', `could not be started (${error.message})`));
      child.once('close', (code, killedBy) => {
        this.exitCode = code;
        const end = causeOfEnd({ code, killedBy, outOfMemory: outOfMemoryKills() > this.killsBefore });
        finish(end, code === null ? `was ended by ${killedBy ?? 'a signal'}` : `exited with status ${code}`);
      });
    });
  }

  /**
   * Starts the server on a free loopback port and resolves when it has loaded its model. `SetupError` where the program or
   * the model is missing or unusable, `RetryableError` where it died or took too long, the signal's reason when aborted;
   * after an error nothing is left running.
   */
  static async start(options: ServerProcessOptions, signal: AbortSignal): Promise<ServerProcess> {
    await requireFile(options.serverPath, constants.X_OK, 'The speech engine is not built yet: npm start builds it');
    await requireModel(options.modelPath);
    const killed = await killOrphans(options.runDir);
    if (killed > 0) options.log.warn({ killed }, 'ended engines that an earlier run had left behind');
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await ServerProcess.launch(options, signal);
      } catch (error) {
        if (!(error instanceof PortTakenError) || attempt === PORT_ATTEMPTS) throw error;
      }
    }
  }

  private static async launch(options: ServerProcessOptions, signal: AbortSignal): Promise<ServerProcess> {
    const port = await freePort();
    // The path is no secret (it stands in the process list). It makes sure that we speak to this very child, and that no
    // web page in a browser of this machine can speak to it: the server allows every origin.
    const token = randomBytes(12).toString('hex');
    const words = [...(await tether(ENGINE_ENVIRONMENT)), options.serverPath, ...serverArguments(options, port, token)];
    signal.throwIfAborted();
    const [program = '', ...args] = words;
    const child = spawn(program, args, { env: ENGINE_ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    const server = new ServerProcess(child, { port, path: `/${token}` }, options.log);
    try {
      if (child.pid !== undefined) {
        const unmark = await markChild(options.runDir, { childPid: child.pid, ownerPid: process.pid, token });
        server.unmarked = server.ended.then(unmark).catch((error: unknown) => {
          options.log.debug({ err: error }, 'the note about the engine was not removed');
        });
      }
      await server.ready(options.startTimeoutMs, signal);
      return server;
    } catch (error) {
      await server.kill();
      throw error;
    }
  }

  /** Whether it may be given work: not from the moment on when `kill` is called, though it is gone only a little later. */
  get alive(): boolean {
    return this.end === undefined && !this.isEndedByUs;
  }

  /** Whether it was `kill` that ended it. */
  get endedByUs(): boolean {
    return this.isEndedByUs;
  }

  /** Bytes of memory in use; undefined once it is gone. */
  memory(): Promise<number | undefined> {
    return this.child.pid === undefined ? Promise.resolve(undefined) : residentMemory(this.child.pid);
  }

  /** Posts one form to the server's inference address. */
  infer(form: FormField[], signal: AbortSignal): Promise<LoopbackAnswer> {
    return loopbackRequest({ port: this.address.port, path: `${this.address.path}/inference`, form }, signal);
  }

  /**
   * Resolves when the server is doing nothing: a form without sound is refused at once, but only after the lock on the
   * model has been taken, which a running transcription holds. Rejects when the signal is aborted or the server is gone.
   */
  async idle(signal: AbortSignal): Promise<void> {
    await this.infer([{ name: 'nothing', value: '' }], signal);
  }

  /** The last lines that the server wrote. */
  lastWords(): string {
    return this.tail.text();
  }

  /** Ends the process and resolves when it is gone. At once: it has nothing to save, and a hung one would not listen. */
  async kill(): Promise<void> {
    this.isEndedByUs ||= this.alive;
    this.child.kill('SIGKILL');
    await this.ended;
    await this.unmarked;
  }

  private async ready(timeoutMs: number, signal: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!(await this.isHealthy())) {
      await sleep(HEALTH_POLL_MS, undefined, { signal });
      if (!this.alive) throw this.startFailure();
      if (deadline.aborted) throw new EngineDiedError('hang', `the engine was not ready after ${timeoutMs} ms: ${this.tail.text()}`);
    }
  }

  private async isHealthy(): Promise<boolean> {
    const { port, path } = this.address;
    return loopbackRequest({ port, path: `${path}/health` }, AbortSignal.timeout(2000)).then(
      ({ status }) => status === 200,
      // Not listening yet, or still loading: asked again until the deadline.
      () => false,
    );
  }

  private startFailure(): Error {
    const end = this.end ?? new EngineDiedError('crash', 'the engine ended');
    if (this.exitCode === EXIT_BIND_FAILED) return new PortTakenError(end.message);
    if (this.exitCode === EXIT_MODEL_REFUSED) {
      return new SetupError(end.message, 'The model file is damaged or of an unknown kind: pull it again with npm run model');
    }
    return end;
  }
}

function serverArguments(options: ServerProcessOptions, port: number, token: string): string[] {
  return [
    ...['--model', options.modelPath, '--threads', String(options.threads)],
    ...['--host', '127.0.0.1', '--port', String(port), '--request-path', `/${token}`],
    // Language probabilities cost an encoder pass.
    ...[options.flashAttention ? '--flash-attn' : '--no-flash-attn', '--no-language-probabilities'],
    // The server would serve files from ./examples/server/public of whatever folder we were started in.
    ...['--public', '/dev/null'],
  ];
}

async function requireFile(path: string, mode: number, remedy: string): Promise<void> {
  await access(path, mode).catch((error: unknown) => {
    throw new SetupError(`${path} cannot be used`, remedy, { cause: error });
  });
}

/** A port that was free a moment ago; the server cannot be given 0, it would not say which one it got. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
