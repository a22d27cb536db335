import { access, constants } from 'node:fs/promises';
import { ModelRefusedError, PermanentError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { pcmDurationMs } from '../media/pcm.js';
import { linkedAbort } from '../linked-abort.js';
import { sharedAbort } from '../shared-abort.js';
import { CanaryError } from './canary.js';
import { EngineBuilds } from './engine-builds.js';
import { EngineDiedError } from './engine-end.js';
import { EngineRecord } from './engine-record.js';
import type { EngineState } from './engine-state.js';
import type { Engine, EngineAbilities, EngineRequest, EngineResult } from './engine.js';
import { ExpectedTime, type ExpectedTimeOptions } from './expected-time.js';
import { freeMemoryBytes } from './free-memory.js';
import { requireLanguageChoice } from './languages.js';
import { MemoryWatch } from './memory-watch.js';
import { memoryNeeded, ModelLoader, type LoadedModel, type ModelLoaderOptions } from './model-loader.js';
import { modelPath } from './model-path.js';
import { QuietWork } from './quiet-work.js';
import { RecentSpeed } from './recent-speed.js';
import { requireModel } from './require-model.js';
import { RestartLog } from './restart-log.js';
import { Turnstile } from './turnstile.js';

export interface WhisperServerOptions extends ModelLoaderOptions, ExpectedTimeOptions {
  /** The program `whisper-server`, or where it comes from. */
  serverPath: string | EngineBuilds;
  /** Name of the model to begin with, see `modelPath`. */
  model: string;
  /** The model is dropped from memory after this time without a request. */
  idleAfterMs: number;
  /** The process is ended between two requests when its memory has grown by more than this, see `MemoryWatch`. */
  allowedGrowthBytes?: number;
  /** Measures how the model runs best here, at a quiet moment; ends at once when the signal is aborted. */
  tune?: (model: string, signal: AbortSignal) => Promise<void>;
  /** Runs a function later, unless the answer is called first; tests hand in their own clock. */
  schedule?: (run: () => void, delayMs: number) => () => void;
  freeMemory?: () => number;
  /** Where several engines share a machine: one request at a time among them all, and memory that another one has. */
  machine?: { turnstile: Turnstile; makeRoom: (model: string) => Promise<void> };
  log: Logger;
}

const TUNE_AFTER_QUIET_MS = 15_000;
/** A model that is not trusted is tried again after this time: its file may have been replaced. */
const AFTER_CANARY_MS = 120_000;
/** So many times a request is sent off: once more after a hang, in a new process. */
const ATTEMPTS = 2;

/**
 * whisper.cpp's `whisper-server` as a supervised child on a loopback port. It starts with the first request, keeps its
 * model, does one request at a time (callers queue here), and is ended after an idle time. Whatever happens to it, a crash,
 * a kill, costs the running request a `RetryableError` and the next request gets a new process; after a hang the request is
 * sent to a new process by itself, once.
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
  private readonly switching = new Turnstile();
  private readonly life = sharedAbort();
  private readonly record = new EngineRecord(() => performance.now());
  private readonly restarts: RestartLog;
  private readonly speed = new RecentSpeed();
  private readonly expected: ExpectedTime;
  private readonly builds: EngineBuilds;
  private readonly loader: ModelLoader;
  private readonly tuning: QuietWork;
  private current: (LoadedModel & { watch: MemoryWatch }) | undefined;
  private cancelIdle: () => void = () => undefined;
  private currentModel: string;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: WhisperServerOptions) {
    const { serverPath, log, schedule = scheduleWithTimer } = options;
    this.currentModel = options.model;
    this.restarts = new RestartLog(log, () => Date.now());
    this.expected = new ExpectedTime(options);
    const given = { version: '', profile: 'given' };
    this.builds = serverPath instanceof EngineBuilds ? serverPath : new EngineBuilds({ first: { serverPath, ...given }, log });
    this.loader = new ModelLoader(options, this.builds, this.restarts);
    this.tuning = new QuietWork({ afterMs: TUNE_AFTER_QUIET_MS, work: (signal) => this.tune(signal), schedule, log });
  }

  get model(): string {
    return this.currentModel;
  }

  /** Whether the process runs, with its model in memory. */
  get loaded(): boolean {
    return this.current?.run.alive === true;
  }

  /** From now on quiet moments are used to measure how the model runs best. */
  start(): void {
    this.awaitIdle();
  }

  async transcribe(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    requireLanguageChoice(request.language);
    const { machine } = this.options;
    if (machine === undefined) return this.answer(request, signal);
    return this.bounded(signal, (bound) => machine.turnstile.run(() => this.answer(request, bound), bound));
  }

  /** Gives the model's memory back, for who holds the turn of the machine; the next request loads it again. */
  async unload(): Promise<void> {
    this.cancelIdle();
    await this.tuning.giveWay();
    await this.current?.run.kill();
  }

  /** Why the next request would fail, as far as can be known without making one; undefined where nothing speaks against it. */
  async trouble(): Promise<string | undefined> {
    const files = [this.builds.current.serverPath, modelPath(this.options.modelsDir, this.currentModel)];
    const present = await Promise.all(files.map(isReadable));
    if (!present.every(Boolean)) return present[0] === true ? 'its model is not there' : 'its program is not there';
    if (this.builds.trouble !== undefined) return this.builds.trouble;
    return this.record.trouble;
  }

  /** How it is, for people. */
  async state(): Promise<EngineState> {
    const { version, profile } = this.builds.current;
    const { run, tuning = await this.options.tuningOf?.(this.currentModel, this.builds.current) } = this.loaded && this.current ? this.current : { run: undefined };
    const [memoryBytes, trouble] = await Promise.all([run?.memory(), this.trouble()]);
    const { realTimeFactor } = this.speed;
    return {
      engine: [this.name, version, profile === 'given' ? '' : `(${profile})`].filter(Boolean).join(' '),
      model: this.currentModel,
      loaded: this.loaded,
      threads: run?.options.threads ?? tuning?.threads ?? this.options.threads,
      flashAttention: run?.options.flashAttention ?? tuning?.flashAttention ?? true,
      tuned: tuning !== undefined,
      restarts: this.restarts.count,
      ...(realTimeFactor !== undefined && { realTimeFactor }),
      ...(memoryBytes !== undefined && { memoryBytes }),
      ...(this.restarts.last !== undefined && { lastRestart: this.restarts.last }),
      ...(trouble !== undefined && { trouble }),
    };
  }

  /**
   * The new model is loaded and tried beside the old one, which works on meanwhile; where the memory is too little for both,
   * the old one is unloaded first. `SetupError` where its file is missing or damaged, `ModelRefusedError` where it does not do:
   * then the old one stays.
   */
  async useModel(model: string, signal: AbortSignal): Promise<void> {
    await requireModel(modelPath(this.options.modelsDir, model));
    await this.bounded(signal, (bound) =>
      this.switching.run(async () => {
        // What is measured meanwhile would be wrong, and takes memory and time from the trial.
        await this.tuning.giveWay();
        try {
          await this.switchTo(model, bound);
        } finally {
          if (!this.turnstile.busy) this.awaitIdle();
        }
      }, bound),
    );
  }

  /** Ends the process for good; running and waiting requests get a `RetryableError`. Resolves when it is gone. */
  stop(): Promise<void> {
    this.stopping ??= (async () => {
      this.cancelIdle();
      this.life.abort(new RetryableError('the engine has been stopped'));
      await Promise.all([this.current?.run.kill(), this.tuning.giveWay(), this.builds.stop()]);
      // A start that was under way ends its own child before it lets go of the turnstile.
      const { signal: never } = new AbortController();
      await Promise.all([this.turnstile, this.switching].map((each) => each.run(() => Promise.resolve(), never)));
      // One that was about to take over, or had just started, when it was stopped.
      await this.current?.run.kill();
    })();
    return this.stopping;
  }

  private answer(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
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

  /** Runs `work` under the caller's signal and the engine's own life. */
  private async bounded<T>(signal: AbortSignal, work: (bound: AbortSignal) => Promise<T>): Promise<T> {
    this.life.signal.throwIfAborted();
    const { signal: bound, unlink } = linkedAbort(signal, this.life.signal);
    try {
      return await work(bound);
    } finally {
      unlink();
    }
  }

  /** One task at a time; the idle clock runs while there is none. */
  private turn<T>(task: (bound: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.bounded(signal, (bound) =>
      this.turnstile.run(async () => {
        this.cancelIdle();
        await this.tuning.giveWay();
        try {
          return await task(bound);
        } finally {
          this.awaitIdle();
        }
      }, bound),
    );
  }

  private async hear(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    for (let attempt = 1; ; attempt += 1) {
      const loaded = await this.running(signal);
      const limitMs = this.expected.limitMs(request);
      const startedAt = performance.now();
      try {
        const result = await loaded.run.ask(request, limitMs, { signal, inHurry: () => this.life.signal.aborted });
        const workMs = performance.now() - startedAt;
        this.answered(request, workMs);
        await this.endIfGrown(loaded);
        return { ...result, workMs };
      } catch (error) {
        if (!(error instanceof EngineDiedError)) throw error;
        this.current = undefined;
        const isReplaced = this.loader.died(loaded.program, error);
        if (isReplaced) throw new RetryableError(error.message, 0, { cause: error });
        if (error.end !== 'hang' || attempt === ATTEMPTS) throw error;
        this.expected.timedOut();
        this.options.log.warn({ limitMs, expectedMs: this.expected.expectedMs(request) }, 'a request to the engine took far longer than expected; it is made once more, in a new process');
      }
    }
  }

  private answered(request: EngineRequest, tookMs: number): void {
    this.expected.answered(request, tookMs);
    this.speed.add(pcmDurationMs(request.pcm), tookMs);
  }

  /** A leak in native code is given back before it hurts. */
  private async endIfGrown({ run, watch }: LoadedModel & { watch: MemoryWatch }): Promise<void> {
    const bytes = await run.memory();
    const growthBytes = bytes === undefined ? undefined : watch.growthTooLarge(bytes);
    if (growthBytes === undefined) return;
    await run.kill();
    this.restarts.note('memory-growth', 'it had grown');
    this.options.log.info({ bytes, growthBytes }, 'speech engine ended, its memory had grown; a new one is started with the next voice');
  }

  private async running(signal: AbortSignal): Promise<LoadedModel & { watch: MemoryWatch }> {
    const { current } = this;
    if (current?.run.alive === true && current.program === this.builds.current) return current;
    await current?.run.kill();
    await this.options.machine?.makeRoom(this.currentModel);
    try {
      return this.take(await this.loader.load(this.currentModel, {}, signal));
    } catch (error) {
      if (!(error instanceof CanaryError)) throw error;
      this.options.log.error({ err: error }, 'the model is not used, it fails on a known clip: pull it again, or choose another one (npm run model)');
      throw new RetryableError(error.message, AFTER_CANARY_MS, { cause: error });
    }
  }

  /** The process that requests go to from now on. */
  private take(loaded: LoadedModel): LoadedModel & { watch: MemoryWatch } {
    const taken = { ...loaded, watch: new MemoryWatch(this.options.allowedGrowthBytes) };
    this.current = taken;
    this.expected.begin(`${loaded.model} ${JSON.stringify(loaded.tuning ?? {})}`, loaded.tuning?.msPerWindow);
    void loaded.run.ended.then((end) => {
      // Under a request it is the request that says so.
      if (end === undefined || this.current !== taken || this.turnstile.busy) return;
      this.current = undefined;
      this.loader.died(loaded.program, end);
    });
    return taken;
  }

  private async switchTo(model: string, signal: AbortSignal): Promise<void> {
    if (model === this.currentModel) return;
    const { log, modelsDir, freeMemory = freeMemoryBytes } = this.options;
    const isLoaded = this.loaded;
    // A voice that comes meanwhile loads the old one, unless its file is gone.
    const forOld = isLoaded ? 0 : await memoryNeeded(this.currentModel, modelPath(modelsDir, this.currentModel)).catch(() => 0);
    const needed = forOld + (await memoryNeeded(model, modelPath(modelsDir, model)));
    const free = freeMemory();
    if (needed <= free) {
      const fresh = await this.loadForSwitch(model, signal);
      await this.turn(() => this.replaceBy(fresh), signal).catch(async (error: unknown) => {
        await fresh.run.kill();
        throw error;
      });
    } else {
      log.warn({ model, needed, free }, 'the memory is too little for two models: the one in use is unloaded while the new one is tried');
      await this.turn(async (bound) => {
        await this.current?.run.kill();
        await this.replaceBy(await this.loadForSwitch(model, bound));
      }, signal).catch(async (error: unknown) => {
        // Loaded again at once, so that the next voice does not pay for it; should that fail, the next voice tries.
        if (isLoaded) await this.turn((bound) => this.running(bound), signal).catch((failure: unknown) => log.debug({ err: failure }, 'the old model could not be loaded again'));
        throw error;
      });
    }
  }

  private async replaceBy(fresh: LoadedModel): Promise<void> {
    await this.current?.run.kill();
    this.options.log.info({ from: this.currentModel, to: fresh.model }, 'speech model switched');
    this.currentModel = fresh.model;
    this.tuning.again();
    this.take(fresh);
  }

  private async loadForSwitch(model: string, signal: AbortSignal): Promise<LoadedModel> {
    const build = this.builds.current;
    try {
      return await this.loader.load(model, { isSwitch: true }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await this.builds.settled(signal);
      // Its build was to blame, and there is another one now.
      if (this.builds.current !== build) return this.loadForSwitch(model, signal);
      if (error instanceof CanaryError) throw new ModelRefusedError('text', error.message, { cause: error });
      if (error instanceof EngineDiedError) throw new ModelRefusedError(REFUSALS[error.end] ?? 'died', error.message, { cause: error });
      throw error;
    }
  }

  private async tune(signal: AbortSignal): Promise<boolean> {
    const { tune, modelsDir, freeMemory = freeMemoryBytes } = this.options;
    if (tune === undefined) return true;
    if (this.switching.busy) return false;
    const model = this.currentModel;
    if (this.loaded && (await memoryNeeded(model, modelPath(modelsDir, model))) > freeMemory()) return false;
    await tune(model, signal);
    await this.endIfTunedOtherwise();
    return true;
  }

  /** It is quiet, so the next voice does not notice. */
  private async endIfTunedOtherwise(): Promise<void> {
    if (!this.loaded || this.current === undefined) return;
    const { run, model, program } = this.current;
    const tuning = await this.options.tuningOf?.(model, program);
    const { threads, flashAttention } = run.options;
    if (tuning !== undefined && (tuning.threads !== threads || tuning.flashAttention !== flashAttention)) await run.kill();
  }

  private awaitIdle(): void {
    const { schedule = scheduleWithTimer, idleAfterMs, log } = this.options;
    this.cancelIdle();
    if (this.life.signal.aborted) return;
    if (this.options.tune !== undefined) this.tuning.quiet();
    const { current } = this;
    if (current?.run.alive !== true) return;
    this.cancelIdle = schedule(() => {
      if (this.turnstile.busy || !current.run.alive) return;
      log.info({ idleAfterMs }, 'speech engine stopped, it was idle');
      void current.run.kill().then(() => {
        if (this.options.tune !== undefined && !this.life.signal.aborted) this.tuning.quiet();
      });
    }, idleAfterMs);
  }
}

const REFUSALS: Partial<Record<EngineDiedError['end'], ModelRefusedError['reason']>> = {
  hang: 'slow',
  killed: 'memory',
  'out-of-memory': 'memory',
};

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
