import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import type { Logger } from '../log/logger.js';
import { DETECTOR } from '../setup/model-catalogue.mjs';
import { modelPath } from '../setup/paths.mjs';
import { faults, healingTable, measureHealing } from './bench/healing.js';
import { quantile } from './bench/statistics.js';
import { measureVoiceOverhead, type VoiceTiming } from './bench/voice-overhead.js';

export interface BenchDependencies {
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  version: string;
  /** Where engine and models lie (`Config.cacheDir`). */
  cacheDir: string;
}

const VOICES = 50;

/** Measures this machine and writes docs/benchmarks.md; resolves with the exit status. */
export async function bench(deps: BenchDependencies, signal: AbortSignal): Promise<number> {
  const progress = (done: number): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done}/${VOICES}`);
  };
  const timings = await measureVoiceOverhead({ voices: VOICES, ...deps, onVoice: progress }, signal);
  const report = render(timings, { version: deps.version, detector: detectorIn(deps.cacheDir) });
  await writeFile(new URL('../../docs/benchmarks.md', import.meta.url), report);
  console.log(`\n${report}`);
  return 0;
}

/** Shows how soon connections that break in every way are noticed and made again; about a minute, all at once. */
export async function benchHealing(log: Logger, signal: AbortSignal): Promise<number> {
  console.log(healingTable(await Promise.all(faults.map((fault) => measureHealing(fault, { log }, signal)))));
  return 0;
}

const STAGES: [string, (timing: VoiceTiming) => number][] = [
  ['queue: arrival to the start of the work', queueMs],
  ['④ download', ({ download }) => download],
  ['⑤ decode: ffmpeg', ({ decode }) => decode],
  ['⑥ speech detection, without the engine', ({ transcribe, engineMs }) => transcribe - engineMs],
  ['⑦ punctuate', ({ punctuate }) => punctuate],
  ['⑧ reply: until Telegram has it', ({ reply }) => reply],
  ['**everything but the engine**', ({ sinceArrivalMs, engineMs }) => sinceArrivalMs - engineMs],
  ['the engine alone', ({ engineMs }) => engineMs],
];

function queueMs({ sinceArrivalMs, download, decode, transcribe, punctuate, reply }: VoiceTiming): number {
  return sinceArrivalMs - download - decode - transcribe - punctuate - reply;
}

/** The one that the daemon takes: see `createSpeechDetector`. */
function detectorIn(cacheDir: string): string {
  return existsSync(modelPath(cacheDir, DETECTOR.name)) ? 'Silero' : 'energy';
}

function render(timings: VoiceTiming[], { version, detector }: { version: string; detector: string }): string {
  const cell = (read: (timing: VoiceTiming) => number, share: number): string =>
    quantile(timings.map(read), share).toFixed(0);
  return [
    '# Benchmarks',
    '',
    `Made by \`npm run bench\` with Gramscribe ${version} on Node ${process.versions.node}, ` +
      `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}. Figures differ from machine to machine.`,
    '',
    '## From the arrival of a voice to its reply',
    '',
    `The real daemon, a child process, against the sandbox on loopback: ${timings.length} voices of 5 s, one after the ` +
      `other, with the bundled model in memory, speech detected by ${detector}. Milliseconds, read off the daemon’s own log.`,
    '',
    '| stage | median | 95th percentile |',
    '| --- | ---: | ---: |',
    ...STAGES.map(([name, read]) => `| ${name} | ${cell(read, 0.5)} | ${cell(read, 0.95)} |`),
    '',
  ].join('\n');
}
