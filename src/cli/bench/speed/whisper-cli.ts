import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../errors.js';
import { PeakMemory } from '../peak-memory.js';
import type { Contender, Hearing, Note, Setting } from './contender.js';
import { TooLateError } from './worker-process.js';

export interface WhisperCliOptions extends Setting {
  name: string;
  cliPath: string;
  /** Beyond model, file, language and threads. */
  args: readonly string[];
}

/** whisper.cpp's own program, which loads the model each time and says how long that took. */
export class WhisperCli implements Contender {
  readonly name: string;
  peakBytes = 0;

  constructor(private readonly options: WhisperCliOptions) {
    this.name = options.name;
  }

  async hear({ wavPath }: Note, deadlineMs: number, signal: AbortSignal): Promise<Hearing> {
    const { cliPath, modelFile, threads, args } = this.options;
    const late = AbortSignal.timeout(deadlineMs);
    const startedAtMs = performance.now();
    const child = spawn(cliPath, ['-m', modelFile, '-f', wavPath, '-l', 'en', '-t', String(threads), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, late]),
      killSignal: 'SIGKILL',
    });
    const memory = new PeakMemory(child.pid ?? 0);
    try {
      const [said, report, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number | null]>]);
      const ms = performance.now() - startedAtMs;
      const loadMs = Number(/load time =\s+([\d.]+) ms/.exec(report)?.[1]);
      if (code !== 0 || Number.isNaN(loadMs)) throw new AppError(`whisper-cli ended with status ${String(code)}`);
      return { ms, loadMs, text: said.replace(/^\[.*?\]/gm, '') };
    } catch (error) {
      signal.throwIfAborted();
      throw late.aborted ? new TooLateError(deadlineMs) : error;
    } finally {
      memory.stop();
      this.peakBytes = Math.max(this.peakBytes, memory.bytes);
    }
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
