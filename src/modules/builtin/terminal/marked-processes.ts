import { readdir, readFile } from 'node:fs/promises';

/** By this variable a program's descendants are found, whatever session or group they have gone to. */
export const MARK_VARIABLE = 'GRAMSCRIBE_RUN';

/**
 * The processes that are alive and whose environment has this mark, which is handed down to all that a program starts; undefined where
 * there is no /proc to look in. Who took the mark off on purpose is not found.
 */
export async function markedProcesses(mark: string): Promise<number[] | undefined> {
  const entries = await readdir('/proc').catch(() => undefined);
  const pids = entries?.filter((name) => /^\d+$/.test(name));
  const isMarked = (environment: string): boolean => environment.split('\0').includes(`${MARK_VARIABLE}=${mark}`);
  const marked = await Promise.all((pids ?? []).map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').then(isMarked, () => false)));
  return pids?.filter((_, at) => marked[at]).map(Number);
}
