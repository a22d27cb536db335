import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineTail } from '../../media/line-tail.js';
import { tether } from '../../speech/orphans.js';

/** For QuickJS' C stack, in KiB; see guest.mjs. A main thread has 8 MiB. */
const STACK_KIB = 3900;
/** JavaScript of our own in there only carries frames. */
const HEAP_MIB = 128;

/** A process for one confined program: an environment of nothing, a group of its own, a folder with nothing in it, two pipes. */
export interface ConfinedProcess {
  child: ChildProcess;
  /** The last that Node wrote before it died, for the log. */
  lastWords(): string;
  /** Takes its folder away from under it once it is up: nothing can be put there then, and a killed daemon leaves nothing behind. */
  removeFolder(): Promise<void>;
  /** Kills the whole group; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts the runner; what it runs is told to it by frames. Rejects where no process can be made. */
export async function startConfinedProcess(): Promise<ConfinedProcess> {
  const [runner, words, folder] = await Promise.all([
    realpath(fileURLToPath(new URL('./runner.mjs', import.meta.url))),
    tether({ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }),
    mkdtemp(join(tmpdir(), 'gramscribe-confined-')),
  ]);
  const command = [...words, process.execPath, ...(await nodeFlags(runner)), runner];
  const child = spawn(command[0] ?? process.execPath, command.slice(1), { env: {}, cwd: folder, detached: true, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const gone = new Promise<void>((resolve) => void child.once('close', () => resolve()).once('error', () => resolve()));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const folderGone = gone.then(removeFolder);
  const tail = new LineTail();
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => tail.push(chunk));
  await new Promise((resolve, reject) => void child.once('spawn', resolve).once('error', reject));
  return {
    child,
    lastWords: () => tail.text(),
    removeFolder,
    kill: async () => {
      killGroup(child);
      await folderGone;
    },
  };
}

/** A group whose last process is gone is none any more. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Node's own permissions are the second wall, behind WebAssembly: no files but the engine's, no processes, no threads, no
 * native code. They do not cover the network, which is why they are not the first.
 */
async function nodeFlags(runner: string): Promise<string[]> {
  const known = process.allowedNodeEnvironmentFlags;
  const wall = ['--permission', '--experimental-permission'].find((flag) => known.has(flag));
  const readable = [dirname(runner), ...(await engineFolders())];
  return [
    '--no-warnings',
    '--no-addons',
    '--no-global-search-paths',
    '--disallow-code-generation-from-strings',
    `--stack-size=${STACK_KIB}`,
    `--max-old-space-size=${HEAP_MIB}`,
    ...(wall === undefined ? [] : [wall, ...readable.map((folder) => `--allow-fs-read=${join(folder, '*')}`)]),
  ];
}

async function engineFolders(): Promise<string[]> {
  const resolve = createRequire(import.meta.url).resolve;
  const entries = ['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync', '@jitl/quickjs-ffi-types'].map((name) => resolve(name));
  return Promise.all(entries.map(async (entry) => dirname(dirname(await realpath(entry)))));
}
