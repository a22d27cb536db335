import { access, constants } from 'node:fs/promises';
import { PermanentError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { pcmDurationMs } from '../media/pcm.js';
import { sharedAbort } from '../shared-abort.js';
import { EngineRecord } from './engine-record.js';
import type { Engine, EngineAbilities, EngineRequest, EngineResult } from './engine.js';
import { inferenceForm } from './inference-form.js';
import { isLanguageChoice } from './languages.js';
import type { LoopbackAnswer } from './loopback-request.js';
import { modelPath } from './model-path.js';
import { requireModel } from './require-model.js';
import { parseServerAnswer } from './server-answer.js';
import { ServerProcess } from './server-process.js';
import { Turnstile } from './turnstile.js';

export interface WhisperServerOptions {
  /** The program `whisper-server`. */
  serverPath: string;
  modelsDir: string;
  /** Name of the model to begin with, see `modelPath`. */
  model: string;
  /** Folder for notes about running children. */
  runDir: string;
  /** No more than the machine or the container allows: see `usableCores`. */
  threads: number;
  /** The model is dropped from memory after this time without a request. */
  idleAfterMs: number;
  /** Longest time for loading a model. */
  startTimeoutMs?: number;
  /** A request that takes longer than this plus `deadlinePerAudioMs` for each ms of sound counts as hung. */
  deadlineBaseMs?: number;
  deadlinePerAudioMs?: number;
  /** How long an aborted request may take to stop by itself before the process is killed. */
  abortGraceMs?: number;
  log: Logger;
  /** Runs a function later, unless the answer is called first; tests hand in their own clock. */
  schedule?: (run: () => void, delayMs: number) => () => void;
}

/**
 * whisper.cpp's `whisper-server` as a supervised child on a loopback port. It starts with the first request, keeps its
 * model, does one request at a time (callers queue here), and is ended after an idle time. Whatever happens to it, a crash,
 * a hang, a kill, costs the running request a `RetryableError` and the next request gets a new process.
 */
export class WhisperServer implements Engine {
  readonly name = 'whisper.cpp';
  readonly abilities: EngineAbilities = {
    wordTimes: true,
    probabilities: true,
    languageDetection: true,
    languageProbabilities: true,
    prompt: true,
    temperature: true,
    thorough: true,
  };
  private readonly turnstile = new Turnstile();
  private readonly life = sharedAbort();
  private readonly record = new EngineRecord(() => performance.now());
  private server: ServerProcess | undefined;
  private cancelIdle: () => void = () => undefined;
  private currentModel: string;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: WhisperServerOptions) {
    this.currentModel = options.model;
  }

  get model(): string {
    return this.currentModel;
  }

  /** Whether the process runs, with its model in memory. */
  get loaded(): boolean {
    return this.server?.alive === true;
  }

  async transcribe(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    if (!isLanguageChoice(request.language)) {
      throw new PermanentError('engine', `the engine has no language ${JSON.stringify(request.language.slice(0, 20))}`);
    }
    return this.turn(async (bound) => {
      try {
        const result = await this.hear(request, bound);
        this.record.answered();
        return result;
      } catch (error) {
        if (error instanceof PermanentError) this.record.answered();
        else if (!bound.aborted) this.record.failed();
        throw error;
      }
    }, signal);
  }

  /** Why the next request would fail, as far as can be known without making one; undefined where nothing speaks against it. */
  async trouble(): Promise<string | undefined> {
    const { serverPath, modelsDir } = this.options;
    const files = [serverPath, modelPath(modelsDir, this.currentModel)];
    const present = await Promise.all(files.map(isReadable));
    if (!present.every(Boolean)) return present[0] === true ? 'its model is not there' : 'its program is not there';
    return this.record.crashLoop === 0 ? undefined : `failed ${this.record.crashLoop} times in a row`;
  }

  /** The file must be there and look like a model (`SetupError` otherwise, and the old model stays); a running request is waited for. */
  async useModel(model: string, signal: AbortSignal): Promise<void> {
    const { modelsDir, log } = this.options;
    await requireModel(modelPath(modelsDir, model));
    await this.turn(async () => {
      if (model === this.currentModel) return;
      await this.server?.kill();
      log.info({ from: this.currentModel, to: model }, 'speech model switched');
      this.currentModel = model;
    }, signal);
  }

  /** Ends the process for good; running and waiting requests get a `RetryableError`. Resolves when it is gone. */
  stop(): Promise<void> {
    this.stopping ??= (async () => {
      this.cancelIdle();
      this.life.abort(new RetryableError('the engine has been stopped'));
      await this.server?.kill();
      // A start that was under way ends its own child before it lets go of the turnstile.
      await this.turnstile.run(() => Promise.resolve(), new AbortController().signal);
    })();
    return this.stopping;
  }

  /** One task at a time, under the caller's signal and the engine's own life; the idle clock runs while there is none. */
  private async turn<T>(task: (bound: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.life.signal.throwIfAborted();
    const bound = new AbortController();
    const links = [signal, this.life.signal].map((source) => {
      const forward = () => bound.abort(source.reason);
      source.addEventListener('abort', forward, { once: true });
      if (source.aborted) forward();
      return () => source.removeEventListener('abort', forward);
    });
    try {
      return await this.turnstile.run(async () => {
        this.cancelIdle();
        try {
          return await task(bound.signal);
        } finally {
          this.awaitIdle();
        }
      }, bound.signal);
    } finally {
      for (const unlink of links) unlink();
    }
  }

  private async hear(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    const server = await this.running(signal);
    const answer = await this.ask(server, request, signal);
    if (answer.status === 200) return parseServerAnswer(answer.body, pcmDurationMs(request.pcm));
    if (answer.status === 400) throw new PermanentError('engine', `the engine refused the sound: ${server.lastWords()}`);
    await server.kill();
    throw new RetryableError(`the engine failed (status ${answer.status}): ${server.lastWords()}`);
  }

  private async running(signal: AbortSignal): Promise<ServerProcess> {
    if (this.server?.alive === true) return this.server;
    const { serverPath, threads, runDir, log, startTimeoutMs = 180_000 } = this.options;
    const model = modelPath(this.options.modelsDir, this.currentModel);
    const startedAt = performance.now();
    this.server = await ServerProcess.start({ serverPath, modelPath: model, threads, runDir, startTimeoutMs, log }, signal);
    const loadMs = Math.round(performance.now() - startedAt);
    log.info({ model: this.currentModel, threads, loadMs }, 'speech engine started');
    return this.server;
  }

  private async ask(server: ServerProcess, request: EngineRequest, signal: AbortSignal): Promise<LoopbackAnswer> {
    signal.throwIfAborted();
    const { deadlineBaseMs = 60_000, deadlinePerAudioMs = 20 } = this.options;
    const limitMs = Math.round(deadlineBaseMs + deadlinePerAudioMs * pcmDurationMs(request.pcm));
    const hung = new AbortController();
    const timer = setTimeout(() => hung.abort(), limitMs);
    const forward = () => hung.abort();
    signal.addEventListener('abort', forward, { once: true });
    try {
      return await server.infer(inferenceForm(request), hung.signal);
    } catch (error) {
      if (signal.aborted) {
        await this.settle(server);
        throw signal.reason;
      }
      // Hung, or gone, or it broke the connection: in each case a process that cannot be trusted any more.
      await server.kill();
      if (hung.signal.aborted) throw new RetryableError(`the engine gave no answer in ${limitMs} ms`);
      throw new RetryableError(await server.ended, undefined, { cause: error });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', forward);
    }
  }

  /** Waits until an aborted request has really stopped: the server notices the closed connection, or is killed. */
  private async settle(server: ServerProcess): Promise<void> {
    const grace = AbortSignal.timeout(this.life.signal.aborted ? 0 : (this.options.abortGraceMs ?? 1500));
    try {
      await server.idle(grace);
    } catch (error) {
      this.options.log.debug({ err: error }, 'an aborted request did not stop by itself; engine ended');
      await server.kill();
    }
  }

  private awaitIdle(): void {
    const { schedule = scheduleWithTimer, idleAfterMs, log } = this.options;
    this.cancelIdle();
    if (this.server?.alive !== true || this.life.signal.aborted) return;
    this.cancelIdle = schedule(() => {
      if (this.turnstile.busy || this.server?.alive !== true) return;
      log.info({ idleAfterMs }, 'speech engine stopped, it was idle');
      void this.server.kill();
    }, idleAfterMs);
  }
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function scheduleWithTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
