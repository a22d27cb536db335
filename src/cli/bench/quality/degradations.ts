import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toLittleEndian } from '../../../media/pcm-file.js';
import { SAMPLE_RATE_HZ, type Pcm } from '../../../media/pcm.js';
import type { Spoken } from './spoken.js';
import { chord, loud, melody, noise, render, saw, sine, sum, tremolo, type Wave } from './waves.js';

/** A way in which a voice note comes out worse than it was spoken; the same in every run. */
export interface Degradation {
  name: string;
  apply: (clip: Spoken) => Promise<Spoken>;
}

const run = promisify(execFile);

/** Clean, noisy, quiet, clipped, fast, slow, by telephone, and with music behind. */
export const degradations: readonly Degradation[] = [
  { name: 'clean', apply: (clip) => Promise.resolve(clip) },
  ...[20, 10, 5, 0].map((db) => mixed(`white noise, ${db} dB below the voice`, (seed) => noise('white', seed), db)),
  ...[10, 0].map((db) => mixed(`pink noise, ${db} dB below`, (seed) => noise('pink', seed), db)),
  ...[20, 10].map((db) => mixed(`music, ${db} dB below`, music, db)),
  ...[-30, -45].map((db) => louder(`quiet: ${-db} dB down`, db)),
  ...[12, 24].map((db) => louder(`clipped: ${db} dB up`, db)),
  ...[1.25, 1.5, 0.8].map((tempo) => filtered(`${tempo} times as fast`, `atempo=${tempo}`, tempo)),
  filtered('telephone: 300–3400 Hz, 8 kHz', 'highpass=f=300,lowpass=f=3400,aresample=8000', 1),
];

/** Something of the given strength in relation to the voice (its pauses left out) behind it. */
function mixed(name: string, behind: (seed: number) => Wave, db: number): Degradation {
  return {
    name,
    apply: (clip) => {
      const { samples } = clip.pcm;
      const other = render(samples.length / SAMPLE_RATE_HZ, behind(samples.length)).samples;
      const voice = Float64Array.from(clip.segments.flatMap(({ startMs, endMs }) => [...samples.subarray(startMs * 16, endMs * 16)]));
      const gain = strength(voice) / strength(other) / 10 ** (db / 20);
      return Promise.resolve(withSamples(clip, samples.map((sample, at) => clamped(sample + gain * (other[at] ?? 0)))));
    },
  };
}

function louder(name: string, db: number): Degradation {
  const gain = 10 ** (db / 20);
  return { name, apply: (clip) => Promise.resolve(withSamples(clip, clip.pcm.samples.map((sample) => clamped(gain * sample)))) };
}

function filtered(name: string, filter: string, tempo: number): Degradation {
  return {
    name,
    apply: async (clip) => {
      const { samples } = await throughFfmpeg(clip.pcm, filter);
      const segments = clip.segments.map(({ startMs, endMs, text }) => ({ startMs: startMs / tempo, endMs: endMs / tempo, text }));
      return { ...clip, pcm: { samples }, segments };
    },
  };
}

function withSamples(clip: Spoken, samples: Int16Array): Spoken {
  return { ...clip, pcm: { samples } };
}

function music(seed: number): Wave {
  const tune = melody(saw, [0, 4, 7, 12, 7, 4, 2, 5], { rootHz: 220, stepSec: 0.25 + (seed % 3) / 20, decaySec: 0.25 });
  return sum(loud(tune, -8), loud(loud(chord(sine, 110, [0, 4, 7, 12]), tremolo(2, 0.6)), -10));
}

function strength(samples: ArrayLike<number> & Iterable<number>): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return Math.sqrt(energy / samples.length);
}

function clamped(sample: number): number {
  return Math.round(Math.max(-32_768, Math.min(32_767, sample)));
}

async function throughFfmpeg(pcm: Pcm, filter: string): Promise<Pcm> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-filter-'));
  try {
    const [input, output] = [join(folder, 'in.pcm'), join(folder, 'out.pcm')];
    await writeFile(input, toLittleEndian(pcm.samples));
    const shape = ['-f', 's16le', '-ar', String(SAMPLE_RATE_HZ), '-ac', '1'];
    await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...shape, '-i', input, '-af', filter, ...shape, output]);
    const bytes = await readFile(output);
    return { samples: new Int16Array(bytes.length / 2).map((_, at) => bytes.readInt16LE(2 * at)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
