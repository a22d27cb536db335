import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FFMPEG_REMEDY } from '../../../media/probe-audio.js';
import { runProgram } from '../../../media/run-program.js';
import type { ChaosDependencies } from '../../chaos.js';
import { madeBy } from '../benchmark-document.js';
import { makeNotes } from '../speed/notes.js';
import { memoryOf, onDaemonGround, type Ground } from './daemon-ground.js';

export interface HourMemory {
  minutes: number;
  fileBytes: number;
  beforeBytes: number;
  peakBytes: number;
  /** From its arrival to the answer. */
  tookMs: number;
}

const LONGEST_MS = 1_200_000;

const answered = z.object({ msg: z.literal('answered'), outcome: z.literal('text'), sinceArrivalMs: z.number() });

/** The daemon's memory while it writes down one voice of so many minutes. */
export function measureHourMemory(minutes: number, deps: ChaosDependencies, signal: AbortSignal): Promise<HourMemory> {
  return onDaemonGround(deps, (ground) => listen(minutes, ground, signal), signal);
}

async function listen(minutes: number, { sandbox, daemon, people, places, folder, pid }: Ground, signal: AbortSignal): Promise<HourMemory> {
  const bytes = await readFile(await longVoice(minutes, folder, signal));
  const { residentBytes: beforeBytes } = await memoryOf(pid);
  sandbox.send.voice({ from: people.anna, to: places.anna, bytes, durationSec: minutes * 60 });
  const until = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  for (;;) {
    const [line] = (await once(daemon.events, 'line', { signal: until })) as [string];
    const outcome = line.includes('"msg":"answered"') ? answered.parse(JSON.parse(line)) : undefined;
    if (outcome === undefined) continue;
    return { minutes, fileBytes: bytes.length, beforeBytes, ...(await memoryOf(pid)), tookMs: outcome.sinceArrivalMs };
  }
}

/** The bundled clips, a minute of them, said again and again; coded once. */
async function longVoice(minutes: number, folder: string, signal: AbortSignal): Promise<string> {
  const [minute] = await makeNotes([60], folder, signal);
  const output = join(folder, 'long.ogg');
  const again = ['-stream_loop', String(minutes - 1), '-i', minute?.voicePath ?? '', '-c', 'copy', output];
  const onOutput = async (stream: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of stream) continue;
  };
  await runProgram({ program: 'ffmpeg', args: ['-nostdin', '-loglevel', 'error', ...again], timeoutMs: 60_000, remedy: FFMPEG_REMEDY, onOutput }, signal);
  return output;
}

export function renderHourMemory({ minutes, fileBytes, beforeBytes, peakBytes, tookMs }: HourMemory, version: string): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    '## Memory of the daemon over one long voice',
    '',
    madeBy(`npm run bench -- memory --minutes ${minutes}`, version),
    '',
    `One voice message of ${minutes} minutes (${megabytes(fileBytes)}), downloaded, decoded, written down with the bundled model and answered by the real ` +
      'daemon. Its process, without the engine and Redis.',
    '',
    '| resident before | at its most (VmHWM) | from arrival to answer |',
    '| ---: | ---: | ---: |',
    `| ${megabytes(beforeBytes)} | ${megabytes(peakBytes)} | ${(tookMs / 1000).toFixed(0)} s |`,
    '',
  ].join('\n');
}
