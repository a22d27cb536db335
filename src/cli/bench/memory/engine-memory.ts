import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../../config/load-config.js';
import { SetupError } from '../../../errors.js';
import { textsFor } from '../../../i18n/texts.js';
import type { Logger } from '../../../log/logger.js';
import { fromLittleEndian } from '../../../media/pcm-file.js';
import { WAV_HEADER_BYTES } from '../../../media/wav.js';
import { childrenOf } from '../../../sandbox/chaos/process-tree.js';
import { findEngine } from '../../../setup/engine-paths.mjs';
import { enginesDir, modelPath } from '../../../setup/paths.mjs';
import { createSpeech } from '../../create-speech.js';
import { madeBy } from '../benchmark-document.js';
import { MODEL_SHAPES, teachPuppet, writePuppetModel } from '../puppet-model.js';
import { puppetSentence } from '../puppet-text.js';
import { makeNotes } from '../speed/notes.js';
import { WhisperCli } from '../speed/whisper-cli.js';
import { memoryOf } from './daemon-ground.js';

export interface EngineMemory {
  shape: keyof typeof MODEL_SHAPES;
  cliBytes: number;
  serverBytes: number;
}

export interface EngineMemoryDependencies {
  cacheDir: string;
  engineDir: string | undefined;
  log: Logger;
}

const SECONDS = 30;
const REQUESTS = 5;
const WORDS = 60;
const DEADLINE_MS = 300_000;

/** The most memory that the daemon's engine takes over some windows of 30 s, and whisper-cli with the same model and sound. */
export async function measureEngineMemory(shape: EngineMemory['shape'], deps: EngineMemoryDependencies, signal: AbortSignal): Promise<EngineMemory> {
  const engine = findEngine(deps.cacheDir, deps.engineDir);
  if (engine === undefined) throw new SetupError('the speech engine is not built', 'npm start');
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-memory-'));
  try {
    const cacheDir = join(folder, 'cache');
    const modelFile = modelPath(cacheDir, 'puppet');
    await mkdir(dirname(modelFile), { recursive: true });
    await writePuppetModel({ shape: MODEL_SHAPES[shape], file: modelFile, like: modelPath(deps.cacheDir, 'nano') });
    await teachPuppet(modelFile, puppetSentence(WORDS));
    await symlink(enginesDir(deps.cacheDir), enginesDir(cacheDir));
    const [note] = await makeNotes([SECONDS], folder, signal);
    if (note === undefined) throw new RangeError('there is no note');
    const { threads, createSpeech: create } = createSpeech({ ...loadConfig(), cacheDir }, textsFor('en'), deps.log);
    const cli = new WhisperCli({ name: 'whisper-cli', cliPath: engine.cliPath, args: ['-bs', '1'], modelFile, threads, folder });
    await cli.hear(note, DEADLINE_MS, signal);
    const { engine: server } = await create('puppet');
    try {
      const pcm = { samples: fromLittleEndian(Buffer.from((await readFile(note.wavPath)).subarray(WAV_HEADER_BYTES))) };
      for (let request = 0; request < REQUESTS; request += 1) await server.transcribe({ pcm, language: 'en', thorough: true }, signal);
      const [pid = 0] = await childrenOf(process.pid, 'whisper-server');
      return { shape, cliBytes: cli.peakBytes, serverBytes: (await memoryOf(pid)).peakBytes };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function renderEngineMemory({ shape, cliBytes, serverBytes }: EngineMemory, version: string): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    '## Memory of the engine',
    '',
    madeBy(`npm run bench -- memory --engine ${shape}`, version),
    '',
    `A model of the size of ${shape}, ${SECONDS} s of speech. whisper-cli once; the daemon’s engine, which keeps its model, ${REQUESTS} times. At its most (VmHWM).`,
    '',
    '| whisper-cli | the daemon’s engine | ratio |',
    '| ---: | ---: | ---: |',
    `| ${megabytes(cliBytes)} | ${megabytes(serverBytes)} | ${(serverBytes / cliBytes).toFixed(3)} |`,
    '',
  ].join('\n');
}
