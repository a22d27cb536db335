import { stat } from 'node:fs/promises';
import { RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { BUNDLED_MODEL, catalogueModel } from '../setup/model-catalogue.mjs';
import { CanaryError, type Canary } from './canary.js';
import type { EngineBuilds, EngineProgram } from './engine-builds.js';
import { EngineDiedError } from './engine-end.js';
import { EngineRun } from './engine-run.js';
import { modelPath } from './model-path.js';
import type { RestartLog } from './restart-log.js';
import type { Tuning } from './tuning-store.js';

export interface ModelLoaderOptions {
  modelsDir: string;
  runDir: string;
  threads: number;
  startTimeoutMs?: number;
  /** For the trial of a model of no size; what is larger has more. */
  trialLimitMs?: number;
  abortGraceMs?: number;
  /** Tries an engine before it gets work. Without it, every engine that starts is trusted. */
  canary?: Canary;
  /** How the model runs best on this machine, where that was measured. */
  tuningOf?: (model: string, program: EngineProgram) => Promise<Tuning | undefined>;
  log: Logger;
}

/** A process of the engine that may be given work. */
export interface LoadedModel {
  run: EngineRun;
  model: string;
  program: EngineProgram;
  tuning: Tuning | undefined;
}

/** Three gigabytes from a slow disk that others use, too. */
const START_TIMEOUT_MS = 360_000;
const ABORT_GRACE_MS = 1500;
/** For the few seconds of the trial, on the slowest machines; a small file may be a large model's, quantized. */
const TRIAL_LIMIT_MS = 120_000;
const TRIAL_LIMIT_PER_GIB_MS = 240_000;
const MAX_DOUBLINGS = 4;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Starts engines, and lets them hear a known clip before they are trusted: each pair of build and model once, and each switch. */
export class ModelLoader {
  readonly #tried = new Set<string>();
  /** Trials in a row that ended for want of time, by model: the next one has twice as long. */
  readonly #hung = new Map<string, number>();

  constructor(
    private readonly options: ModelLoaderOptions,
    private readonly builds: EngineBuilds,
    private readonly restarts: RestartLog,
  ) {}

  /**
   * Resolves with a process that has the model in memory. Rejects as `ServerProcess.start`, with `CanaryError` where it may not
   * be trusted, with a `RetryableError` that says when where its build is being replaced. Then nothing is left running.
   */
  async load(model: string, { isSwitch = false }: { isSwitch?: boolean }, signal: AbortSignal): Promise<LoadedModel> {
    const { modelsDir, runDir, threads, startTimeoutMs = START_TIMEOUT_MS, abortGraceMs = ABORT_GRACE_MS, log } = this.options;
    const program = await this.builds.usable(signal);
    const tuning = await this.options.tuningOf?.(model, program);
    const settings = { threads: tuning?.threads ?? threads, flashAttention: tuning?.flashAttention ?? true };
    const file = modelPath(modelsDir, model);
    try {
      const run = await EngineRun.start({ program, modelPath: file, ...settings, runDir, startTimeoutMs, abortGraceMs, log }, signal);
      log.info({ model, ...settings, loadMs: run.loadMs }, 'speech engine started');
      await this.#tryOut(run, { model, file, isSwitch }, signal);
      return { run, model, program, tuning };
    } catch (error) {
      const isBlamed = (error instanceof EngineDiedError || error instanceof CanaryError) && this.#isBuildToBlame({ program, model, isSwitch }, error);
      if (isBlamed) throw new RetryableError(error.message, WHILE_REPLACED_MS, { cause: error });
      throw error;
    }
  }

  /** Takes note of how an engine died. Answers whether its build is to blame, so that the next one is another. */
  died(program: EngineProgram, { end, message }: EngineDiedError): boolean {
    this.restarts.note(end, message);
    return end === 'illegal-instruction' && this.builds.distrust(program, { reason: message, certain: true });
  }

  async #tryOut(run: EngineRun, { model, file, isSwitch }: { model: string; file: string; isSwitch: boolean }, signal: AbortSignal): Promise<void> {
    const { canary, trialLimitMs = TRIAL_LIMIT_MS, log } = this.options;
    const pair = `${run.options.program.serverPath}\n${model}`;
    if (canary === undefined || (this.#tried.has(pair) && !isSwitch)) return;
    const hung = this.#hung.get(model) ?? 0;
    const limitMs = Math.round((trialLimitMs + (TRIAL_LIMIT_PER_GIB_MS * (await stat(file)).size) / GIB) * 2 ** hung);
    const startedAt = performance.now();
    try {
      await canary(model, (request) => run.ask(request, limitMs, { signal, inHurry: () => true }), signal);
    } catch (error) {
      if (error instanceof EngineDiedError && error.end === 'hang') this.#hung.set(model, Math.min(hung + 1, MAX_DOUBLINGS));
      await run.kill();
      throw error;
    }
    this.#hung.delete(model);
    this.#tried.add(pair);
    log.info({ model, tookMs: Math.round(performance.now() - startedAt) }, 'speech engine heard a known clip rightly');
  }

  /** Before its first work an engine dies, or talks nonsense, for want of instructions more often than for anything else. */
  #isBuildToBlame(
    { program, model, isSwitch }: { program: EngineProgram; model: string; isSwitch: boolean },
    error: EngineDiedError | CanaryError,
  ): boolean {
    const { message: reason } = error;
    const isSuspect = error instanceof CanaryError ? model === BUNDLED_MODEL.name : error.end === 'crash';
    if (error instanceof EngineDiedError && !isSwitch) this.restarts.note(error.end, reason);
    const isCertain = error instanceof EngineDiedError && error.end === 'illegal-instruction';
    return (isCertain || isSuspect) && this.builds.distrust(program, { reason, certain: isCertain });
  }
}

/** Then it is known whether there is another build already, or whether one has to be made. */
const WHILE_REPLACED_MS = 5000;
const UNKNOWN_MODEL_SHARE = 1.5;
const UNKNOWN_MODEL_BYTES = 300 * MIB;

/** How much memory the engine takes with the model of this name at `file`. */
export async function memoryNeeded(model: string, file: string): Promise<number> {
  return catalogueModel(model)?.memoryBytes ?? UNKNOWN_MODEL_SHARE * (await stat(file)).size + UNKNOWN_MODEL_BYTES;
}
