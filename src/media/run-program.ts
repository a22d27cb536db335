import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AppError, SetupError, errorText } from '../errors.js';
import { LineTail } from './line-tail.js';

/** The program ended badly; the caller decides what that means for the audio. */
export class ProgramError extends AppError {
  constructor(
    message: string,
    readonly exitCode: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The program took longer than it was allowed; it has been killed. */
export class ProgramTimeoutError extends ProgramError {}

export interface ProgramRun {
  program: string;
  args: readonly string[];
  timeoutMs: number;
  /** What to do if the program is not there. */
  remedy: string;
  /** Written to its standard input, which is then closed; without it there is none. */
  input?: Buffer;
  /** Takes its standard output and must read it to the end; when it throws, the program is killed. */
  onOutput: (output: Readable) => Promise<void>;
}

/**
 * Runs a program with an argument list (no shell) until it has exited, its output has been read, and nothing of it is left.
 * `SetupError` where it is not installed, `ProgramTimeoutError`, `ProgramError` with the last lines of its standard error
 * for any other end than status 0, what `onOutput` threw, or the signal's reason when aborted.
 *
 * Nothing outlives this process: a program whose reader is gone gets SIGPIPE at its next write.
 */
export async function runProgram(run: ProgramRun, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(run.program, [...run.args], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const tail = new LineTail();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => tail.push(chunk));
  // A program that exits before it has read its input closes the pipe under us; its status says why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(run.input);
  const deadline = AbortSignal.timeout(run.timeoutMs);
  const kill = () => child.kill('SIGKILL');
  deadline.addEventListener('abort', kill, { once: true });
  signal.addEventListener('abort', kill, { once: true });
  try {
    const [exit, output] = await Promise.allSettled([exitOf(child, run), readOutput(child, child.stdout, run)]);
    signal.throwIfAborted();
    if (exit.status === 'rejected') throw exit.reason;
    if (deadline.aborted) throw new ProgramTimeoutError(`${run.program} took longer than ${run.timeoutMs} ms`, undefined);
    if (output.status === 'rejected') throw output.reason;
    const { code, killedBy } = exit.value;
    if (code === 0) return;
    const how = code === null ? `was killed by ${killedBy ?? 'a signal'}` : `exited with status ${code}`;
    throw new ProgramError(`${run.program} ${how}: ${tail.text()}`, code ?? undefined);
  } finally {
    deadline.removeEventListener('abort', kill);
    signal.removeEventListener('abort', kill);
  }
}

async function readOutput(child: ChildProcess, output: Readable, run: ProgramRun): Promise<void> {
  try {
    await run.onOutput(output);
  } catch (error) {
    child.kill('SIGKILL');
    output.destroy();
    throw error;
  }
}

function exitOf(child: ChildProcess, run: ProgramRun): Promise<{ code: number | null; killedBy: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new SetupError(`${run.program} cannot be started: ${errorText(error)}`, run.remedy, { cause: error }));
    });
    child.once('close', (code, killedBy) => resolve({ code, killedBy }));
  });
}
