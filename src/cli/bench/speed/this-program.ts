import { join } from 'node:path';
import type { Contender, Hearing, Note, Setting } from './contender.js';
import { WorkerProcess } from './worker-process.js';

export interface ThisProgramOptions extends Setting {
  name: string;
  /** With `engine/` and `models/` as in the daemon's cache. */
  cacheDir: string;
  model: string;
  language: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** This program, from the voice's file to the punctuated text, the engine resident. */
export class ThisProgram implements Contender {
  readonly name: string;
  readonly #worker: WorkerProcess;

  constructor(private readonly options: ThisProgramOptions) {
    this.name = options.name;
    const { PATH = '', HOME = '' } = options.environment;
    const dataDir = join(options.folder, 'data');
    this.#worker = new WorkerProcess('this-program-worker.js', { PATH, HOME, GRAMSCRIBE_DATA: dataDir, GRAMSCRIBE_THREADS: String(options.threads) });
  }

  get peakBytes(): number {
    return this.#worker.peakBytes;
  }

  hear({ voicePath }: Note, deadlineMs: number, signal: AbortSignal): Promise<Hearing> {
    const { cacheDir, model, language } = this.options;
    return this.#worker.ask({ cacheDir, model, language, voicePath }, deadlineMs, signal);
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }
}
