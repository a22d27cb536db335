import { SAMPLE_RATE_HZ, type Pcm } from '../media/pcm.js';

/** 20 ms of a sound as far as it matters for telling voices from other sounds. */
export interface VoiceFrame {
  /** Of the low frequencies, where voices have their strength; dB above one step of 16 bits. */
  energyDb: number;
  /** Pitch of a frame that repeats itself 70 to 400 times a second, 0 where it does not. */
  pitchHz: number;
  /** Energies around the formants, low to high. */
  bandsDb: readonly number[];
}

const HOP = 320;
/** The pitch is looked for at a quarter of the sample rate: a sixteenth of the work. */
const STEP = 4;
const SLOW_HZ = SAMPLE_RATE_HZ / STEP;
const SLOW_HOP = HOP / STEP;
const SLOW_WINDOW = 2 * SLOW_HOP;
const SHORTEST_PERIOD = Math.floor(SLOW_HZ / 400);
const LONGEST_PERIOD = Math.ceil(SLOW_HZ / 70);
/** How much of a frame must repeat itself after a period to be voiced. */
const VOICED_CORRELATION = 0.6;
/** A longer period must fit better by this much, or every period would be found at its double too. */
const LONGER_BETTER = 0.02;
const OFFSET_FILTER = 0.95;
const BANDS_HZ: readonly [number, number][] = [[250, 750], [750, 1500], [1500, 2800], [2800, 6500]];

export function voiceFrames({ samples }: Pcm): VoiceFrame[] {
  const slow = slowed(samples);
  const bands = bandFrames({ samples });
  const count = Math.max(0, Math.floor((slow.length - SLOW_WINDOW - LONGEST_PERIOD) / SLOW_HOP));
  return Array.from({ length: count }, (_, frame) => ({ ...pitchAt(slow, frame * SLOW_HOP), bandsDb: bands[frame] ?? [] }));
}

/** `bandsDb` of each frame alone, which costs a tenth of the whole. */
export function bandFrames({ samples }: Pcm): number[][] {
  const bands = BANDS_HZ.map((band) => bandEnergies(samples, band));
  return Array.from({ length: Math.ceil(samples.length / HOP) }, (_, frame) => bands.map((energies) => decibels(energies[frame] ?? 0)));
}

/** A quarter of the samples, smoothed, without a constant offset. */
function slowed(samples: Int16Array): Float32Array {
  const slow = new Float32Array(Math.floor(samples.length / STEP));
  let before = 0;
  let level = 0;
  for (let at = 0; at < slow.length; at += 1) {
    let sum = 0;
    for (let tap = 0; tap < 16; tap += 1) sum += samples[at * STEP - 6 + tap] ?? 0;
    level = OFFSET_FILTER * (level + sum / 16 - before);
    before = sum / 16;
    slow[at] = level;
  }
  return slow;
}

function pitchAt(slow: Float32Array, start: number): { energyDb: number; pitchHz: number } {
  let energy = 0;
  for (let at = start; at < start + SLOW_WINDOW; at += 1) energy += (slow[at] ?? 0) ** 2;
  const fit = Array.from({ length: LONGEST_PERIOD + 1 }, (_, period) =>
    period < SHORTEST_PERIOD ? 0 : correlation(slow, { start, period, energy }),
  );
  let best = { fit: 0, period: 0 };
  for (let period = SHORTEST_PERIOD + 1; period < LONGEST_PERIOD; period += 1) {
    const [left = 0, here = 0, right = 0] = fit.slice(period - 1, period + 2);
    if (here < left || here < right || here <= best.fit + LONGER_BETTER) continue;
    const bend = left - 2 * here + right;
    best = { fit: here, period: period + (bend === 0 ? 0 : (left - right) / (2 * bend)) };
  }
  return { energyDb: decibels(energy / SLOW_WINDOW), pitchHz: best.fit > VOICED_CORRELATION ? SLOW_HZ / best.period : 0 };
}

function correlation(slow: Float32Array, { start, period, energy }: { start: number; period: number; energy: number }): number {
  let product = 0;
  let later = 0;
  for (let at = start; at < start + SLOW_WINDOW; at += 1) {
    const shifted = slow[at + period] ?? 0;
    product += (slow[at] ?? 0) * shifted;
    later += shifted * shifted;
  }
  return product / Math.sqrt(energy * later + 1);
}

/** Energy of each frame in one band (the band-pass of Bristow-Johnson's cookbook). */
function bandEnergies(samples: Int16Array, [lowHz, highHz]: readonly [number, number]): Float32Array {
  const centreHz = Math.sqrt(lowHz * highHz);
  const turn = (2 * Math.PI * centreHz) / SAMPLE_RATE_HZ;
  const alpha = (Math.sin(turn) * (highHz - lowHz)) / (2 * centreHz);
  const [gain, first, second] = [alpha / (1 + alpha), (-2 * Math.cos(turn)) / (1 + alpha), (1 - alpha) / (1 + alpha)];
  const energies = new Float32Array(Math.ceil(samples.length / HOP));
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let at = 0; at < samples.length; at += 1) {
    const x = samples[at] ?? 0;
    const y = gain * (x - x2) - first * y1 - second * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    const frame = Math.floor(at / HOP);
    energies[frame] = (energies[frame] ?? 0) + (y * y) / HOP;
  }
  return energies;
}

function decibels(energy: number): number {
  return 10 * Math.log10(energy + 1);
}
