import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How much memory the process `pid` has in use now, in bytes; undefined where there is no such process, or nobody tells. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  const kibibytes = status === undefined ? await askPs(pid) : /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Where there is no /proc. */
async function askPs(pid: number): Promise<string | undefined> {
  return run('ps', ['-o', 'rss=', '-p', String(pid)]).then(
    ({ stdout }) => /\d+/.exec(stdout)?.[0],
    () => undefined,
  );
}
