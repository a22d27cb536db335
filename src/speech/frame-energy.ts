import { setImmediate as nextTurn } from 'node:timers/promises';
import { pcmFileDurationMs, readWindow, type PcmFile } from '../media/pcm-file.js';
import { msToSamples, type Pcm } from '../media/pcm.js';

/** Length of a frame of energy. */
export const FRAME_MS = 20;

const READ_MS = 30_000;
const FRAME_SAMPLES = msToSamples(FRAME_MS);
/** Removes a constant offset and hum and flattens the spectrum of most noises; speech keeps its ups and downs. */
const PRE_EMPHASIS = 0.95;
export const SILENCE_DB = -100;

/** Energy of each whole frame of a sound in dB of full scale, after pre-emphasis, never below `SILENCE_DB`. */
export function frameEnergies(pcm: Pcm): Float32Array {
  const { samples } = pcm;
  const energies = new Float32Array(Math.floor(samples.length / FRAME_SAMPLES));
  let previous = samples[0] ?? 0;
  for (let frame = 0; frame < energies.length; frame += 1) {
    let sum = 0;
    for (let at = frame * FRAME_SAMPLES; at < (frame + 1) * FRAME_SAMPLES; at += 1) {
      const sample = samples[at] ?? 0;
      const flat = (sample - PRE_EMPHASIS * previous) / 32_768;
      previous = sample;
      sum += flat * flat;
    }
    energies[frame] = Math.max(SILENCE_DB, 10 * Math.log10(sum / FRAME_SAMPLES + 1e-12));
  }
  return energies;
}

/** The same for a whole recording (720 kB an hour), read in parts and without blocking the event loop. */
export async function recordingEnergies(recording: PcmFile, signal: AbortSignal): Promise<Float32Array> {
  const durationMs = pcmFileDurationMs(recording);
  const all = new Float32Array(Math.ceil(durationMs / FRAME_MS));
  let filled = 0;
  for (let startMs = 0; startMs < durationMs; startMs += READ_MS) {
    signal.throwIfAborted();
    const part = frameEnergies(await readWindow(recording, startMs, startMs + READ_MS));
    all.set(part, filled);
    filled += part.length;
    await nextTurn();
  }
  return all.subarray(0, filled);
}
