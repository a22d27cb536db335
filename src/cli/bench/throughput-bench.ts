import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../log/logger.js';
import { DETECTOR } from '../../setup/model-catalogue.mjs';
import { cacheDir as cacheDirOf, enginesDir, modelPath, modelsDir, projectRoot } from '../../setup/paths.mjs';
import { madeBy, writeSection } from './benchmark-document.js';
import { MODEL_SHAPES, teachPuppet, writePuppetModel } from './puppet-model.js';
import { puppetSentence } from './puppet-text.js';
import { makeNotes } from './speed/notes.js';
import type { ShapeName } from './speed-bench.js';
import { measureQueue, type QueueTiming } from './queue-run.js';

export interface ThroughputBenchOptions {
  voices: number;
  shape: ShapeName;
  write: boolean;
}

export interface ThroughputBenchDependencies {
  cacheDir: string;
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  version: string;
}

/** Lengths from 1 to 60 s, short ones more often, as people speak; each is made once. */
const LENGTHS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 19, 24, 30, 38, 48, 60];
/** What a model says for a window: as much as is said in 8 s. */
const WORDS = 20;

/**
 * Sends a queue of notes at once to the real daemon and compares the time until the last answer with the time that the
 * engine worked; writes a section, resolves with the exit status.
 */
export async function benchThroughput(options: ThroughputBenchOptions, deps: ThroughputBenchDependencies, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-throughput-'));
  try {
    const cacheHome = join(folder, 'cache-home');
    await furnish(cacheDirOf({ XDG_CACHE_HOME: cacheHome }), options.shape, deps.cacheDir);
    const made = await makeNotes(LENGTHS, folder, signal);
    const sounds = await Promise.all(made.map(async ({ seconds, voicePath }) => ({ seconds, bytes: await readFile(voicePath) })));
    const notes = Array.from({ length: options.voices }, (_, index) => sounds[(index * 7) % sounds.length]).filter((note) => note !== undefined);
    const timing = await measureQueue(
      { notes, log: deps.log, environment: { ...deps.environment, XDG_CACHE_HOME: cacheHome }, settings: { GRAMSCRIBE_MODEL: 'puppet', GRAMSCRIBE_SPEECH_LANGUAGE: 'en' } },
      signal,
    );
    const command = `npm run bench -- throughput --model ${options.shape} --voices ${options.voices}`;
    const section = render(timing, options, madeBy(command, deps.version));
    if (options.write) await writeSection('throughput', section);
    console.log(`\n${section}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

/** A cache of the daemon's with this machine's engine and the puppet model. */
async function furnish(ownCache: string, shape: ShapeName, cacheDir: string): Promise<void> {
  await mkdir(modelsDir(ownCache), { recursive: true });
  await symlink(enginesDir(cacheDir), enginesDir(ownCache));
  const silero = [modelPath(cacheDir, DETECTOR.name), join(projectRoot, '..', 'shared', 'speech', `ggml-${DETECTOR.name}.bin`)].find(existsSync);
  if (silero !== undefined) await symlink(silero, modelPath(ownCache, DETECTOR.name));
  const puppet = modelPath(ownCache, 'puppet');
  await writePuppetModel({ shape: MODEL_SHAPES[shape], file: puppet, like: modelPath(cacheDir, 'nano') });
  await teachPuppet(puppet, puppetSentence(WORDS));
}

function render({ wallMs, engineMs, idleMs, audioMs, stageMs }: QueueTiming, { voices, shape }: ThroughputBenchOptions, made: string): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  return [
    '## A queue of voices',
    '',
    made,
    '',
    `The real daemon against the sandbox on loopback, with a model of the size of \`${shape}\` in memory and \`GRAMSCRIBE_PACE=off\`: ${voices} notes of ` +
      `1 to 60 s, ${seconds(audioMs)} s in all, sent at once into five chats, two in work at a time (the default). The engine’s time is its own, without waits.`,
    '',
    '| | seconds |',
    '| --- | ---: |',
    `| from the first note’s arrival to the last answer | ${seconds(wallMs)} |`,
    `| the engine at work, all notes together | ${seconds(engineMs)} |`,
    `| **ratio** | **${(wallMs / engineMs).toFixed(3)}** |`,
    `| of the difference, before the engine’s first and after its last note | ${seconds(idleMs)} |`,
    ...Object.entries(stageMs).map(([stage, ms]) => `| all notes’ ${stage}, beside each other | ${seconds(ms)} |`),
    '',
  ].join('\n');
}
