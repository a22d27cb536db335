import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../errors.js';
import { projectRoot } from '../../../setup/paths.mjs';
import { PeakMemory } from '../peak-memory.js';

/** It took longer than it was given. */
export class TooLateError extends AppError {
  constructor(readonly limitMs: number) {
    super(`no answer in ${limitMs} ms`);
  }
}

const answerSchema = z.union([z.object({ ms: z.number(), text: z.string() }), z.object({ failed: z.string() })]);
export type WorkerAnswer = z.infer<typeof answerSchema>;

/** A program of this folder, compiled, in a process of its own that answers one question at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #memory: PeakMemory;

  constructor(script: string, environment: Readonly<Record<string, string>>) {
    this.#child = fork(join(projectRoot, 'dist', 'cli', 'bench', 'speed', script), {
      env: environment,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // What it starts is ended with it.
      detached: true,
    });
    this.#memory = new PeakMemory(this.#child.pid ?? 0);
  }

  get peakBytes(): number {
    return this.#memory.bytes;
  }

  /** Rejects with `TooLateError`, after which the process is gone, or `AppError` where it failed or died. */
  async ask(question: object, deadlineMs: number, signal: AbortSignal): Promise<{ ms: number; text: string }> {
    const over = new AbortController();
    const late = AbortSignal.timeout(deadlineMs);
    const wait = { signal: AbortSignal.any([signal, late, over.signal]) };
    const died = once(this.#child, 'exit', wait).then(() => {
      throw new AppError('its process ended');
    });
    try {
      const answered = once(this.#child, 'message', wait) as Promise<unknown[]>;
      this.#child.send(question);
      const [message] = await Promise.race([answered, died]);
      const answer = answerSchema.parse(message);
      if ('failed' in answer) throw new AppError(answer.failed);
      await this.#memory.look();
      return answer;
    } catch (error) {
      await this.#memory.look();
      if (signal.aborted || late.aborted) await this.stop();
      signal.throwIfAborted();
      throw late.aborted ? new TooLateError(deadlineMs) : error;
    } finally {
      over.abort();
      await died.catch(() => undefined); // It was heard above, or was called off.
    }
  }

  /** Ends it and whatever it has started. */
  async stop(): Promise<void> {
    this.#memory.stop();
    const { pid, exitCode, signalCode } = this.#child;
    const gone = exitCode !== null || signalCode !== null ? Promise.resolve() : once(this.#child, 'exit');
    if (pid !== undefined) killGroup(pid);
    await gone;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
