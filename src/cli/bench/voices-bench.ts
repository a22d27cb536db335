import { existsSync } from 'node:fs';
import type { Logger } from '../../log/logger.js';
import { DETECTOR } from '../../setup/model-catalogue.mjs';
import { modelPath } from '../../setup/paths.mjs';
import { madeBy, writeSection } from './benchmark-document.js';
import { quantile } from './statistics.js';
import { measureVoiceOverhead, type VoiceTiming } from './voice-overhead.js';

export interface VoicesBenchDependencies {
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  version: string;
  /** Where engine and models lie (`Config.cacheDir`). */
  cacheDir: string;
}

const VOICES = 50;

/** Measures the way of a voice on this machine and writes its section; resolves with the exit status. */
export async function benchVoices(deps: VoicesBenchDependencies, signal: AbortSignal): Promise<number> {
  const progress = (done: number): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r${done}/${VOICES}`);
  };
  const timings = await measureVoiceOverhead({ voices: VOICES, ...deps, onVoice: progress }, signal);
  const report = render(timings, { version: deps.version, detector: detectorIn(deps.cacheDir) });
  await writeSection('voices', report);
  console.log(`\n${report}`);
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
    '## From the arrival of a voice to its reply',
    '',
    madeBy('npm run bench', version),
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
