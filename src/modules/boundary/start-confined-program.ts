import { z } from 'zod';
import { AppError, errorText } from '../../errors.js';
import { sharedAbort } from '../../shared-abort.js';
import { residentMemory } from '../../speech/resident-memory.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ConfinedProgram, ConfinementEnd, ConfinementLimits, HostCall } from './confined-program.js';
import { type ConfinedProcess, startConfinedProcess } from './confined-process.js';
import { ConfinementError, type ThrownInside } from './confinement-error.js';
import { FloodGate } from './flood-gate.js';
import { BrokenFrameError, encodeFrame, FrameReader } from './frames.mjs';

export interface ConfinedProgramOptions {
  /** File name → source; a program imports these and nothing else, `./name.js` from its own files or a bare name. */
  modules: Readonly<Record<string, string>>;
  /** The file whose exported functions are called. */
  entry: string;
  limits: ConfinementLimits;
  hostCall: HostCall;
  /** Lines of the program's console: a stranger's text, bounded. */
  log: (level: ConsoleLevel, text: string) => void;
  /** Told once, where it did not end by `stop`: for the daemon's log, without a word of the program's. */
  onTrouble?: (end: ConfinementEnd, detail: string) => void;
  /** How long after `callMs` a process that gives no sign of life is killed; ample for a machine that is busy. */
  graceMs?: number;
}

const consoleLevels = ['debug', 'info', 'warn', 'error'] as const;
export type ConsoleLevel = (typeof consoleLevels)[number];

const id = z.int().min(0);
const thrown = z.object({ name: z.string(), message: z.string(), stack: z.string() });
const fromProgram = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id, value: z.unknown() }),
  z.object({ kind: z.literal('failure'), id, error: thrown }),
  z.object({ kind: z.literal('ask'), id, name: z.string().max(200), input: z.unknown() }),
  z.object({ kind: z.literal('lines'), lines: z.array(z.tuple([z.enum(consoleLevels), z.string()])) }),
  z.object({ kind: z.literal('over'), why: z.enum(['time', 'memory', 'crash', 'flood']) }),
  z.object({ kind: z.literal('pong') }),
]);

const DEFAULT_GRACE_MS = 10_000;
const LOOK_EVERY_MS = 500;
/** Beside the engine's memory: Node itself, and frames on their way. */
const PROCESS_BYTES = 256 * 1024 ** 2;
/** A character of JSON is at most six bytes; a frame of console lines is no larger than one of these either. */
const FRAME_BYTES_PER_CHARACTER = 6;
const FRAME_OVERHEAD_BYTES = 128 * 1024;
const MAX_OPEN_ASKS = 64;
const LOADED = 0;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/**
 * Starts a program in a process of its own and resolves when its entry has run. `ConfinementError` where that threw or came to
 * an end, the signal's reason where it is aborted; after an error nothing is left running. The signal counts for the start alone.
 */
export async function startConfinedProgram(options: ConfinedProgramOptions, signal: AbortSignal): Promise<ConfinedProgram> {
  signal.throwIfAborted();
  const program = new RunningProgram(options, await startConfinedProcess());
  try {
    await program.load(signal);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  }
}

class RunningProgram implements ConfinedProgram {
  exports: readonly string[] = [];
  readonly ended: Promise<ConfinementEnd>;
  readonly #options: ConfinedProgramOptions;
  readonly #process: ConfinedProcess;
  readonly #reader: FrameReader;
  readonly #gate = new FloodGate(() => performance.now());
  readonly #calls = new Map<number, Waiting>();
  readonly #over = sharedAbort();
  readonly #timer: NodeJS.Timeout;
  #lastId = LOADED;
  #openAsks = 0;
  #heardAtMs = performance.now();
  #end: ConfinementEnd | undefined;
  #tellEnd: (end: ConfinementEnd) => void = () => undefined;

  constructor(options: ConfinedProgramOptions, confined: ConfinedProcess) {
    this.#options = options;
    this.#process = confined;
    this.#reader = new FrameReader(options.limits.outputBytes * FRAME_BYTES_PER_CHARACTER + FRAME_OVERHEAD_BYTES);
    this.ended = new Promise((resolve) => (this.#tellEnd = resolve));
    const { stdin, stdout } = confined.child;
    // The pipe breaks when the process ends, which is heard of below.
    stdin?.on('error', () => undefined);
    stdout?.on('data', (piece: Buffer) => this.#take(piece));
    confined.child.once('close', (code, killedBy) => this.#finish('crash', `${killedBy ?? `status ${code ?? '?'}`} ${confined.lastWords()}`));
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
  }

  async load(signal: AbortSignal): Promise<void> {
    const { modules, entry, limits } = this.#options;
    if (!Object.hasOwn(modules, entry)) throw new AppError(`there is no ${entry} among the program's files`);
    const names = await this.#wait(LOADED, { kind: 'start', modules, entry, limits }, signal);
    this.exports = z.array(z.string()).parse(names);
    await this.#process.removeFolder();
  }

  call(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    this.#lastId += 1;
    return this.#wait(this.#lastId, { kind: 'call', id: this.#lastId, name, input: input ?? null }, signal);
  }

  get pid(): number {
    return this.#process.child.pid ?? NaN;
  }

  residentBytes(): Promise<number | undefined> {
    const { pid } = this.#process.child;
    return this.#end !== undefined || pid === undefined ? Promise.resolve(undefined) : residentMemory(pid);
  }

  async stop(): Promise<void> {
    this.#finish('stopped', 'stopped');
    await this.#process.kill();
  }

  #wait(callId: number, frame: object, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    if (this.#end !== undefined) return Promise.reject(ended(this.#end));
    if (this.#calls.size === 0) this.#heardAtMs = performance.now();
    return new Promise((resolve, reject) => {
      const forget = () => signal.removeEventListener('abort', onAbort);
      const onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#calls.set(callId, {
        resolve: (value) => {
          forget();
          resolve(value);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      });
      this.#send(frame);
    });
  }

  #send(frame: object): void {
    if (this.#end === undefined) this.#process.child.stdin?.write(encodeFrame(frame));
  }

  #take(piece: Buffer): void {
    if (this.#end !== undefined) return;
    if (!this.#gate.passBytes(piece.length)) {
      this.#finish('flood', 'too many bytes');
      return;
    }
    try {
      this.#heardAtMs = performance.now();
      for (const frame of this.#reader.push(piece)) this.#heard(fromProgram.parse(frame));
    } catch (error) {
      if (!(error instanceof BrokenFrameError || error instanceof z.ZodError)) throw error;
      this.#finish('flood', error instanceof BrokenFrameError ? errorText(error) : 'a frame of no known form');
    }
  }

  #heard(frame: z.infer<typeof fromProgram>): void {
    if (this.#end !== undefined) return;
    if ((frame.kind === 'ask' || frame.kind === 'lines') && !this.#gate.pass()) this.#finish('flood', `too many frames: ${frame.kind}`);
    else if (frame.kind === 'result') this.#settled(frame.id)?.resolve(frame.value);
    else if (frame.kind === 'failure') this.#settled(frame.id)?.reject(threw(frame.error));
    else if (frame.kind === 'ask') void this.#answer(frame.id, frame.name, frame.input);
    else if (frame.kind === 'lines') for (const [level, text] of frame.lines) this.#options.log(level, text);
    else if (frame.kind === 'over') this.#finish(frame.why, 'by its own account');
  }

  #settled(callId: number): Waiting | undefined {
    const waiting = this.#calls.get(callId);
    this.#calls.delete(callId);
    return waiting;
  }

  async #answer(askId: number, name: string, input: unknown): Promise<void> {
    if (this.#openAsks >= MAX_OPEN_ASKS) {
      this.#finish('flood', 'too many calls of the host at once');
      return;
    }
    this.#openAsks += 1;
    try {
      const value = await this.#options.hostCall(name, input, this.#over.signal);
      this.#send({ kind: 'answer', id: askId, value: value ?? null });
    } catch (error) {
      const told = error instanceof CommandRefusal ? { name: error.name, message: error.forPerson } : { name: 'Error', message: 'the host could not do it' };
      this.#send({ kind: 'answer', id: askId, error: told });
    } finally {
      this.#openAsks -= 1;
    }
  }

  /** The bounds inside are the first; these hold where nothing inside runs any more that could keep them. */
  async #look(): Promise<void> {
    const { limits, graceMs = DEFAULT_GRACE_MS } = this.#options;
    const silentMs = performance.now() - this.#heardAtMs;
    if (this.#calls.size > 0 && silentMs > limits.callMs + graceMs) {
      this.#finish('time', 'no sign of life');
      return;
    }
    if (this.#calls.size > 0) this.#send({ kind: 'ping' });
    const bytes = await this.residentBytes();
    if (bytes !== undefined && bytes > limits.memoryBytes + PROCESS_BYTES) this.#finish('memory', `${bytes} bytes in use`);
  }

  #finish(end: ConfinementEnd, detail: string): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    clearInterval(this.#timer);
    const error = ended(end);
    this.#over.abort(error);
    for (const waiting of this.#calls.values()) waiting.reject(error);
    this.#calls.clear();
    if (end !== 'stopped') this.#options.onTrouble?.(end, detail);
    void this.#process.kill().then(() => this.#tellEnd(end));
  }
}

function ended(end: ConfinementEnd): ConfinementError {
  return new ConfinementError(end, `the confined program has ended: ${end}`);
}

function threw(inside: ThrownInside): ConfinementError {
  return new ConfinementError('threw', 'the confined program threw an error', inside);
}
