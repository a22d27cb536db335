import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RetryableError, SetupError } from '../../errors.js';
import { linkedAbort } from '../../linked-abort.js';
import type { Logger } from '../../log/logger.js';
import { LineTail } from '../../media/line-tail.js';
import { pcmDurationMs } from '../../media/pcm.js';
import { encodeWav } from '../../media/wav.js';
import { sharedAbort } from '../../shared-abort.js';
import { EngineRecord } from '../engine-record.js';
import type { Engine, EngineAbilities, EngineRequest, EngineResult } from '../engine.js';
import { requireLanguageChoice } from '../languages.js';
import { modelPath } from '../model-path.js';
import { padded } from '../padded.js';
import { requireModel } from '../require-model.js';
import { Turnstile } from '../turnstile.js';
import { buildWhisperNode } from './build-whisper-node.js';
import { findWhisperNode, whisperNodeInstall, type WhisperNodePackage } from './find-whisper-node.js';
import { parseVtt } from './parse-vtt.js';

export interface WhisperNodeEngineOptions {
  /** Where npm installed the package. */
  packageFolder: string;
  modelsDir: string;
  /** Name of the model to begin with, see `modelPath`. */
  model: string;
  /** The sound of a request lies in a folder of its own below this one, as long as the request runs. */
  workDir: string;
  /** A request that takes longer than this plus `deadlinePerAudioMs` for each ms of its windows counts as hung. */
  deadlineBaseMs?: number;
  deadlinePerAudioMs?: number;
  log: Logger;
}

/** Its whisper.cpp hears nothing at all in less than a second. */
const SHORTEST_SOUND_MS = 1200;
/** It hears every sound filled up to this: a short one takes as long as a whole window. */
const WINDOW_MS = 30_000;
const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
/** What the program says is looked through for two lines that nothing else tells. */
const DETECTED_LANGUAGE = /auto-detected language: (\w+)/;
const MODEL_REFUSED = /failed to initialize whisper context/;
const LAST_LINES = 3;

/**
 * The npm package `whisper-node`, for those who want that one: each request is a process of its own (see child.mjs), which loads
 * the model, hears the sound and is gone; so nothing that the package does touches the daemon. It gives segments without words,
 * and takes neither prompt nor temperature. One request at a time.
 */
export class WhisperNodeEngine implements Engine {
  readonly name = 'whisper-node';
  readonly abilities: EngineAbilities = {
    wordTimes: false,
    probabilities: false,
    languageDetection: true,
    languageProbabilities: false,
    prompt: false,
    temperature: false,
    thorough: false,
  };
  /** The model is read anew for each request. */
  readonly loaded = false;
  private readonly turnstile = new Turnstile();
  private readonly life = sharedAbort();
  private readonly record = new EngineRecord(() => performance.now());
  private currentModel: string;

  constructor(private readonly options: WhisperNodeEngineOptions) {
    this.currentModel = options.model;
  }

  get model(): string {
    return this.currentModel;
  }

  async trouble(): Promise<string | undefined> {
    if (findWhisperNode(this.options.packageFolder) === undefined) return 'its package is not there';
    const isModelThere = await requireModel(modelPath(this.options.modelsDir, this.currentModel)).then(
      () => true,
      () => false,
    );
    if (!isModelThere) return 'its model is not there';
    return this.record.trouble;
  }

  async transcribe(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    requireLanguageChoice(request.language);
    return this.turn(async (bound) => {
      try {
        const result = await this.hear(request, bound);
        this.record.answered();
        return result;
      } catch (error) {
        if (!bound.aborted && error instanceof RetryableError) this.record.failed();
        throw error;
      }
    }, signal);
  }

  async useModel(model: string, signal: AbortSignal): Promise<void> {
    await requireModel(modelPath(this.options.modelsDir, model));
    await this.turn(() => {
      this.currentModel = model;
      return Promise.resolve();
    }, signal);
  }

  async stop(): Promise<void> {
    this.life.abort(new RetryableError('the engine has been stopped'));
    await this.turnstile.run(() => Promise.resolve(), new AbortController().signal);
  }

  private async turn<T>(task: (bound: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.life.signal.throwIfAborted();
    const { signal: bound, unlink } = linkedAbort(signal, this.life.signal);
    try {
      return await this.turnstile.run(() => task(bound), bound);
    } finally {
      unlink();
    }
  }

  private async hear({ pcm, language }: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    const { packageFolder, modelsDir, workDir, log } = this.options;
    const durationMs = pcmDurationMs(pcm);
    if (durationMs === 0) return { segments: [], language };
    const installed = findWhisperNode(packageFolder);
    if (installed === undefined) throw new SetupError('the package whisper-node is not installed', whisperNodeInstall(packageFolder));
    const model = modelPath(modelsDir, this.currentModel);
    await requireModel(model);
    const program = await buildWhisperNode(installed, log, signal);
    await mkdir(workDir, { recursive: true });
    const folder = await mkdtemp(join(workDir, 'whisper-node-'));
    try {
      await writeFile(join(folder, 'window.wav'), encodeWav(padded(pcm, SHORTEST_SOUND_MS)), { mode: 0o600 });
      // Names of our own: the package puts them into a line for a shell, and the owner's folders may be called anything.
      await symlink(model, join(folder, 'model.bin'));
      await symlink(program, join(folder, 'main'));
      const detected = await this.run(installed, { folder, language, durationMs }, signal);
      const vtt = await readFile(join(folder, 'window.wav.vtt'), 'utf8');
      return { segments: parseVtt(vtt, durationMs), language: detected ?? language };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Resolves with the language that the program found, where it looked for one, when all of the child's group is gone. */
  private async run(
    { entry }: WhisperNodePackage,
    { folder, language, durationMs }: { folder: string; language: string; durationMs: number },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    signal.throwIfAborted();
    const { deadlineBaseMs = 120_000, deadlinePerAudioMs = 40, log } = this.options;
    const limitMs = Math.round(deadlineBaseMs + deadlinePerAudioMs * Math.max(durationMs, WINDOW_MS));
    const child = fork(CHILD, [], { detached: true, execArgv: [], serialization: 'json', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const tail = new LineTail(LAST_LINES);
    const heard: { language?: string; isModelRefused: boolean } = { isModelRefused: false };
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of tail.push(chunk)) {
        log.debug({ line }, 'engine says');
        const [, detected] = DETECTED_LANGUAGE.exec(line) ?? [];
        if (detected !== undefined) heard.language = detected;
        if (MODEL_REFUSED.test(line)) heard.isModelRefused = true;
      }
    });
    const late = AbortSignal.timeout(limitMs);
    const { signal: bound, unlink } = linkedAbort(signal, late);
    const kill = (): void => killGroup(child);
    bound.addEventListener('abort', kill, { once: true });
    try {
      const ended = endOf(child);
      child.send({ entry, folder, language }, (error) => {
        if (error !== null) log.debug({ err: error }, 'the process of whisper-node was gone before it had its task');
      });
      if (bound.aborted) kill();
      const how = await ended;
      signal.throwIfAborted();
      if (late.aborted) throw new RetryableError(`the engine gave no answer in ${limitMs} ms`);
      if (heard.isModelRefused) throw new SetupError(`whisper-node cannot read the model: ${tail.text()}`, 'Choose another model, or another engine: GRAMSCRIBE_ENGINE');
      if (how !== 'exited with status 0' || !(await hasText(folder))) throw new RetryableError(`the engine ${how}: ${tail.text()}`);
      return heard.language;
    } finally {
      unlink();
      kill();
    }
  }
}

async function hasText(folder: string): Promise<boolean> {
  return readFile(join(folder, 'window.wav.vtt')).then(
    () => true,
    () => false,
  );
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`));
    child.once('close', (code, killedBy) => resolve(code === null ? `was ended by ${killedBy ?? 'a signal'}` : `exited with status ${code}`));
  });
}

/** The child, its shell and the program: they are a group of their own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // All of them are gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
