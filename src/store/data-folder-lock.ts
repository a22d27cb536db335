import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { processStart } from './process-identity.js';

const GUARD_POLL_MS = 10;

/** Another process works in the folder. */
export class FolderInUseError extends AppError {
  constructor(
    readonly pid: number,
    readonly folder: string,
  ) {
    super(`process ${pid} works in ${folder}`);
  }
}

/**
 * Takes the data folder for this process alone and gives back the release. A lock whose process is gone (or whose number
 * now belongs to another program) is taken over.
 * @throws FolderInUseError
 */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  await makeFolder(folder);
  const path = join(folder, 'gramscribe.pid');
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, `${process.pid} ${await processStart(process.pid)}`, { mode: 0o600 });
  try {
    while (!(await linked(mine, path))) {
      const holder = await holderOf(path);
      if (holder !== undefined) throw new FolderInUseError(holder, folder);
      await removeStale(path, mine);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return () => rm(path, { force: true });
}

/**
 * As `mkdir` with `recursive`, which never ends where a folder exists and can hold no other (/proc): Node asks again and
 * again for what ENOENT seems to say.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder, { mode: 0o700 });
  }
}

/** Gives the file its name, whole as it is, where nobody else has that name. */
async function linked(file: string, path: string): Promise<boolean> {
  try {
    await link(file, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two processes may find the same stale lock, and the slower one must not remove the lock that the faster one has taken
 * meanwhile: so only who holds the guard removes, and looks again before.
 */
async function removeStale(path: string, mine: string): Promise<void> {
  const guard = `${path}.guard`;
  if (await linked(mine, guard)) {
    // One that is not there now may be another process's by the time it would be removed.
    const found = await contentOf(path);
    if (found !== undefined && (await holderIn(found)) === undefined) await rm(path, { force: true });
    await rm(guard, { force: true });
    return;
  }
  // Read once: a guard that is gone by now was given back, and may already be another process's again.
  const content = await contentOf(guard);
  if (content !== undefined && (await holderIn(content)) === undefined) await rm(guard, { force: true });
  else await sleep(GUARD_POLL_MS);
}

/** The process that holds the lock; undefined where it is gone, or the file is one that was cut off. */
async function holderOf(path: string): Promise<number | undefined> {
  return holderIn((await contentOf(path)) ?? '');
}

async function holderIn(content: string): Promise<number | undefined> {
  const [pid = '', startedAt = ''] = content.split(' ');
  // Anything else is not from us; 0 and below would mean groups of processes to kill(2).
  if (!/^[1-9]\d{0,9}$/.test(pid) || !/^(alive|\d+)$/.test(startedAt)) return undefined;
  return (await processStart(Number(pid))) === startedAt ? Number(pid) : undefined;
}

/** Undefined where there is no such file. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
