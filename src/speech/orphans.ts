import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

/**
 * A daemon that is killed with -9 cannot stop its engine, which would hold its memory for ever. Two things prevent that.
 * Where util-linux' `setpriv` is (every Debian), the kernel itself kills the child with its parent (PR_SET_PDEATHSIG, which
 * Node cannot set). Elsewhere a marker file names the child and its owner, and the next start kills what is left over.
 */
export interface ChildMarker {
  childPid: number;
  ownerPid: number;
  /** A word found in the child's arguments and nowhere else, so that a process that got the same number is left alone. */
  token: string;
}

const markerShape = z.object({ childPid: z.int().min(2), ownerPid: z.int().min(1), token: z.string().min(16) });
const PREFIX = 'engine-';
const run = promisify(execFile);

/** The words to put before a command (with this environment, else our own) so that it dies with us; none where this machine has no such program. */
export async function tether(env?: Readonly<Record<string, string>>): Promise<string[]> {
  const words = ['setpriv', '--pdeathsig', 'KILL', '--'];
  const [program = '', ...args] = words;
  return run(program, [...args, 'true'], { ...(env && { env }) }).then(
    () => words,
    () => [],
  );
}

/** Writes the child down in `runDir` (made if need be); the answer removes the note again. */
export async function markChild(runDir: string, marker: ChildMarker): Promise<() => Promise<void>> {
  const path = join(runDir, `${PREFIX}${marker.token}.json`);
  await mkdir(runDir, { recursive: true });
  await writeFile(path, JSON.stringify(marker), { mode: 0o600 });
  return () => rm(path, { force: true });
}

/** Kills the noted children whose owner is gone and removes their notes. Answers how many it killed. */
export async function killOrphans(runDir: string): Promise<number> {
  const names = await readdir(runDir).catch(() => []);
  let killed = 0;
  for (const name of names.filter((entry) => entry.startsWith(PREFIX) && entry.endsWith('.json'))) {
    const path = join(runDir, name);
    const marker = await readMarker(path);
    const running = marker !== undefined && (await argumentsOf(marker.childPid)).includes(marker.token);
    if (running && isAlive(marker.ownerPid)) continue;
    if (running) {
      process.kill(marker.childPid, 'SIGKILL');
      killed += 1;
    }
    await rm(path, { force: true, recursive: true });
  }
  return killed;
}

async function readMarker(path: string): Promise<ChildMarker | undefined> {
  try {
    return markerShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** The command line of a process, or nothing where there is none: from /proc, or from `ps` where there is no /proc. */
async function argumentsOf(pid: number): Promise<string> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc;
  return run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
