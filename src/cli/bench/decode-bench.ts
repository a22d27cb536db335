import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../log/logger.js';
import { decodeAudio, type DecodeOptions } from '../../media/decode-audio.js';
import { OpusThread } from '../../media/opus-thread.js';
import { madeBy, writeSection } from './benchmark-document.js';
import { makeNotes } from './speed/notes.js';
import { quantile } from './statistics.js';

export interface DecodeBenchOptions {
  rounds: number;
  write: boolean;
}

interface DecodeTiming {
  seconds: number;
  ffmpegMs: number[];
  threadMs: number[];
  /** With a thread that has yet to begin. */
  coldMs: number[];
}

const LENGTHS_SEC = [3, 10, 30, 300];
const LIMITS = { maxDurationMs: 3_600_000, timeoutMs: 60_000 };
const COLD_ROUNDS = 5;

/** How long a voice note takes to become samples on disk, by ffmpeg and by libopus in a thread, in turns. */
export async function benchDecode({ rounds, write }: DecodeBenchOptions, { log, version }: { log: Logger; version: string }, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-decode-'));
  try {
    const timings: DecodeTiming[] = [];
    for (const { seconds, voicePath } of await makeNotes(LENGTHS_SEC, folder, signal)) {
      timings.push(await measure({ seconds, voicePath, output: join(folder, 'sound.pcm'), rounds, log }, signal));
    }
    const report = render(timings, rounds, version);
    if (write) await writeSection('decode', report);
    console.log(report);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Task {
  seconds: number;
  voicePath: string;
  output: string;
  rounds: number;
  log: Logger;
}

async function measure({ seconds, voicePath, output, rounds, log }: Task, signal: AbortSignal): Promise<DecodeTiming> {
  const opus = new OpusThread({ idleAfterMs: LIMITS.timeoutMs, log });
  const timing: DecodeTiming = { seconds, ffmpegMs: [], threadMs: [], coldMs: [] };
  const timed = async (options: DecodeOptions): Promise<number> => {
    const startedAtMs = performance.now();
    await decodeAudio(voicePath, output, options, signal);
    return performance.now() - startedAtMs;
  };
  try {
    // The first rounds translate libopus for this machine.
    for (let round = 0; round < COLD_ROUNDS; round += 1) await timed({ ...LIMITS, opus });
    for (let round = 0; round < rounds; round += 1) {
      timing.ffmpegMs.push(await timed(LIMITS));
      timing.threadMs.push(await timed({ ...LIMITS, opus }));
    }
    for (let round = 0; round < COLD_ROUNDS; round += 1) {
      const cold = new OpusThread({ idleAfterMs: LIMITS.timeoutMs, log });
      timing.coldMs.push(await timed({ ...LIMITS, opus: cold }));
      await cold.stop();
    }
    return timing;
  } finally {
    await opus.stop();
  }
}

function render(timings: readonly DecodeTiming[], rounds: number, version: string): string {
  const ms = (values: readonly number[], share: number): string => quantile(values, share).toFixed(0);
  return [
    '## From a voice note to samples',
    '',
    madeBy('npm run bench -- decode', version),
    '',
    `From an Ogg/Opus file (48 kHz, mono, 32 kbit/s, as Telegram’s clients record) to a file of 16 kHz samples: ${rounds} times with ffmpeg, ` +
      'which is started each time, and with libopus in a thread of the daemon, in turns. Milliseconds; the first note after a minute without one finds ' +
      'no thread.',
    '',
    '| note | ffmpeg, median | 95th percentile | libopus in a thread, median | 95th percentile | without a thread yet, median |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...timings.map(
      ({ seconds, ffmpegMs, threadMs, coldMs }) =>
        `| ${seconds} s | ${ms(ffmpegMs, 0.5)} | ${ms(ffmpegMs, 0.95)} | ${ms(threadMs, 0.5)} | ${ms(threadMs, 0.95)} | ${ms(coldMs, 0.5)} |`,
    ),
    '',
  ].join('\n');
}
