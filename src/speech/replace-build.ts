import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { findEngine } from '../setup/engine-paths.mjs';
import type { Distrust, EngineProgram, ReplaceBuild } from './engine-builds.js';
import { tether } from './orphans.js';

const SCRIPT = fileURLToPath(new URL('../setup/replace-engine.mjs', import.meta.url));

/**
 * Replaces builds in the cache by the set-up's own means: the bad one is marked for good, the next one is taken, or compiled,
 * in a child process of low priority. Rejects with `SetupError` where none runs, or none can be compiled.
 */
export function replaceBuildIn(cacheDir: string, log: Logger): ReplaceBuild {
  return async (bad, because, signal) => {
    const lastLine = await runSetup(cacheDir, { bad, because, log }, signal);
    const found = findEngine(cacheDir);
    if (found === undefined) throw new SetupError(lastLine, 'npm run doctor');
    const { serverPath, version, profile } = found;
    return { serverPath, version, profile };
  };
}

async function runSetup(
  cacheDir: string,
  { bad, because, log }: { bad: EngineProgram; because: Distrust; log: Logger },
  signal: AbortSignal,
): Promise<string> {
  const folder = dirname(dirname(bad.serverPath));
  const [program = '', ...args] = [
    ...(await tether()),
    ...[process.execPath, SCRIPT, '--cache', cacheDir, '--bad', folder, `--reason=${because.reason}`],
    ...(because.certain ? [] : ['--suspected']),
  ];
  signal.throwIfAborted();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  let lastLine = 'the set-up said nothing';
  createInterface({ input: child.stdout }).on('line', (line) => {
    lastLine = line;
    log.info({ says: line }, 'seeing to another build of the speech engine');
  });
  try {
    const [status] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    if (status !== 0) throw new SetupError(lastLine, 'npm run doctor');
    return lastLine;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
