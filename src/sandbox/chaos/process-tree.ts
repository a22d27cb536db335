import { readdir, readFile } from 'node:fs/promises';

/** What the kernel says of a process. */
export interface ProcessFigures {
  rssBytes: number;
  openFiles: number;
}

const FIELD_PARENT = 1;

/** The direct children of a process that run this program, by the kernel's account (Linux). */
export async function childrenOf(parentPid: number, program: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const { name, fields } = await statOf(pid);
      return name === program.slice(0, 15) && Number(fields[FIELD_PARENT]) === parentPid ? pid : undefined;
    }),
  );
  return found.filter((pid) => pid !== undefined);
}

/** All processes whose arguments name this folder. */
export async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(async (pid) => ((await read(`/proc/${pid}/cmdline`)).includes(folder) ? pid : undefined)));
  return found.filter((pid) => pid !== undefined && pid !== process.pid) as number[];
}

/** Undefined where there is no such process (any more). */
export async function figuresOf(pid: number): Promise<ProcessFigures | undefined> {
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/status`))?.[1]);
  if (!Number.isFinite(kibibytes)) return undefined;
  const openFiles = await readdir(`/proc/${pid}/fd`).catch(() => undefined);
  return openFiles && { rssBytes: kibibytes * 1024, openFiles: openFiles.length };
}

async function statOf(pid: number): Promise<{ name: string; fields: string[] }> {
  // The name stands in brackets and may hold any character, so the last bracket counts.
  const stat = await read(`/proc/${pid}/stat`);
  const end = stat.lastIndexOf(')');
  return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') };
}

/** Nothing of a process that is gone. */
function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
