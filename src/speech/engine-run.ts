import { PermanentError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { pcmDurationMs } from '../media/pcm.js';
import type { EngineProgram } from './engine-builds.js';
import { EngineDiedError } from './engine-end.js';
import type { EngineRequest, EngineResult } from './engine.js';
import { inferenceForm } from './inference-form.js';
import type { LoopbackAnswer } from './loopback-request.js';
import { parseServerAnswer } from './server-answer.js';
import { ServerProcess } from './server-process.js';

export interface EngineRunOptions {
  program: EngineProgram;
  modelPath: string;
  threads: number;
  flashAttention: boolean;
  runDir: string;
  startTimeoutMs: number;
  /** How long an aborted request may take to stop by itself before the process is killed. */
  abortGraceMs: number;
  log: Logger;
}

/** One process of whisper.cpp with one model in memory, and how to ask it. One request at a time. */
export class EngineRun {
  private constructor(
    private readonly process: ServerProcess,
    readonly options: EngineRunOptions,
    readonly loadMs: number,
  ) {}

  /** Rejects as `ServerProcess.start`. */
  static async start(options: EngineRunOptions, signal: AbortSignal): Promise<EngineRun> {
    const startedAt = performance.now();
    const process = await ServerProcess.start({ ...options, serverPath: options.program.serverPath }, signal);
    return new EngineRun(process, options, Math.round(performance.now() - startedAt));
  }

  get alive(): boolean {
    return this.process.alive;
  }

  /** Resolves when the process is gone: with how it ended, or with undefined where we ended it. */
  get ended(): Promise<EngineDiedError | undefined> {
    return this.process.ended.then((end) => (this.process.endedByUs ? undefined : end));
  }

  memory(): Promise<number | undefined> {
    return this.process.memory();
  }

  kill(): Promise<void> {
    return this.process.kill();
  }

  /**
   * `EngineDiedError` where it died, or gave no answer in `limitMs`; the process is gone then. Aborted: the request has really
   * stopped, or the process was ended (at once where `inHurry` says so).
   */
  async ask(request: EngineRequest, limitMs: number, bounds: { signal: AbortSignal; inHurry?: () => boolean }): Promise<EngineResult> {
    const answer = await this.post(request, limitMs, bounds);
    if (answer.status === 200) return parseServerAnswer(answer.body, pcmDurationMs(request.pcm));
    if (answer.status === 400) throw new PermanentError('engine', `the engine refused the sound: ${this.process.lastWords()}`);
    await this.process.kill();
    throw new EngineDiedError('crash', `the engine failed (status ${answer.status}): ${this.process.lastWords()}`);
  }

  private async post(
    request: EngineRequest,
    limitMs: number,
    { signal, inHurry = () => false }: { signal: AbortSignal; inHurry?: () => boolean },
  ): Promise<LoopbackAnswer> {
    signal.throwIfAborted();
    const hung = new AbortController();
    const timer = setTimeout(() => hung.abort(), limitMs);
    const forward = () => hung.abort();
    signal.addEventListener('abort', forward, { once: true });
    try {
      return await this.process.infer(inferenceForm(request), hung.signal);
    } catch (error) {
      if (signal.aborted) {
        await this.settle(inHurry() ? 0 : this.options.abortGraceMs);
        throw signal.reason;
      }
      // Hung, or gone, or it broke the connection: in each case a process that cannot be trusted any more.
      const broke = !hung.signal.aborted;
      if (broke) await Promise.race([this.process.ended, afterMs(DYING_MS)]);
      await this.process.kill();
      if (!broke) throw new EngineDiedError('hang', `the engine gave no answer in ${limitMs} ms`);
      const { end, message } = await this.process.ended;
      throw new EngineDiedError(this.process.endedByUs ? 'crash' : end, message, { cause: error });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', forward);
    }
  }

  /** Waits until an aborted request has really stopped: the server notices the closed connection, or is killed. */
  private async settle(graceMs: number): Promise<void> {
    try {
      await this.process.idle(AbortSignal.timeout(graceMs));
    } catch (error) {
      this.options.log.debug({ err: error }, 'an aborted request did not stop by itself; engine ended');
      await this.process.kill();
    }
  }
}

/** The connection breaks a moment before we hear of the death, and how it died is worth waiting for. */
const DYING_MS = 1000;

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
