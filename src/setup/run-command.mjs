import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findProgram } from './find-program.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [logPath] its output, both streams, is appended here
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] on top of our own
 * @property {(line: string) => void} [onLine] each line of its standard output
 * @property {number} [timeoutMs]
 * @property {boolean} [diesWithUs] should we be killed, it is too (on Linux), and cannot get into its successor's way
 * @property {AbortSignal | undefined} [signal]
 */

/**
 * How a program ended: `code` or `killedBy`, or `missing` where there is no such program. `stdout` and `stderr` are its
 * last 64 KiB each.
 *
 * @typedef {{ code: number | null, killedBy: NodeJS.Signals | null, missing: boolean, stdout: string, stderr: string }} RunResult
 */

const DIE_WITH_PARENT =
  process.platform === 'linux' && findProgram(['setpriv']) !== undefined ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];

/**
 * Runs a program to its end with an argument list (no shell, no input) and says how it ended; a failure is a result, not
 * an exception. Rejects with the signal's reason when aborted.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export async function runCommand(program, args, options = {}) {
  options.signal?.throwIfAborted();
  const log = options.logPath === undefined ? undefined : openLog(options.logPath);
  log?.write(`\n$ ${[program, ...args].join(' ')}\n`);
  const [file = program, ...rest] = [...(options.diesWithUs === true ? DIE_WITH_PARENT : []), program, ...args];
  const child = spawn(file, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: what it started ends with it (make goes on compiling when only cmake is told to stop).
    detached: true,
  });
  const abort = () => killGroup(child.pid, 'SIGTERM');
  options.signal?.addEventListener('abort', abort, { once: true });
  const { timeoutMs } = options;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => killGroup(child.pid, 'SIGKILL'), timeoutMs);
  const stdout = collect(child.stdout, log);
  const stderr = collect(child.stderr, log);
  const { onLine } = options;
  if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine);
  try {
    const ended = await endOf(child);
    options.signal?.throwIfAborted();
    return { ...ended, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
    log?.end();
  }
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function killGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Pick<RunResult, 'code' | 'killedBy' | 'missing'>>}
 */
async function endOf(child) {
  try {
    const [code, killedBy] = await once(child, 'close');
    return { code, killedBy, missing: false };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) {
      return { code: null, killedBy: null, missing: true };
    }
    throw error;
  }
}

const KEPT_CHARS = 65_536;

/**
 * @param {import('node:stream').Readable} stream
 * @param {import('node:fs').WriteStream | undefined} log
 * @returns {() => string}
 */
function collect(stream, log) {
  let text = '';
  stream.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
    text = (text + chunk).slice(-KEPT_CHARS);
    log?.write(chunk);
  });
  return () => text;
}

/** @param {string} logPath */
function openLog(logPath) {
  mkdirSync(path.dirname(logPath), { recursive: true });
  return createWriteStream(logPath, { flags: 'a' });
}
