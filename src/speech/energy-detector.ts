import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PcmFile } from '../media/pcm-file.js';
import { FRAME_MS, recordingEnergies } from './frame-energy.js';
import type { SpeechDetector, SpeechSpan } from './speech-detector.js';

/** The noise floor of a moment is a low percentile of the energies this far around it. */
const FLOOR_REACH_FRAMES = 5000 / FRAME_MS;
const FLOOR_STEP_FRAMES = 500 / FRAME_MS;
const FLOOR_PERCENTILE = 0.1;
const LOUD_PERCENTILE = 0.95;
/** Speech stands out from the floor by this much … */
const ABOVE_FLOOR_DB = 8;
/** … but where hardly a pause shows the floor, it is enough to be this close to the loudest. */
const BELOW_LOUD_DB = 18;
/** Nothing below this is speech that anybody could understand. */
const QUIETEST_SPEECH_DB = -62;
/** A short click is no speech; a short pause inside or between words does not end it. */
const SHORTEST_SPEECH_FRAMES = 100 / FRAME_MS;
const HANGOVER_FRAMES = 240 / FRAME_MS;
/** Syllables go up and down; noise and tones that begin and end stay as loud as they are. */
const SMALLEST_SWING_DB = 4;

/**
 * Finds speech by its energy alone, where the Silero model is not at hand: frames that stand out from an adaptive noise
 * floor and rise and fall as syllables do. Music and other voices than the speaker's it takes for speech.
 */
export class EnergyDetector implements SpeechDetector {
  readonly name = 'energy';

  async detect(recording: PcmFile, signal: AbortSignal): Promise<SpeechSpan[]> {
    const energies = await recordingEnergies(recording, signal);
    const thresholds = await speechThresholds(energies, signal);
    return loudRuns(energies, thresholds)
      .filter((run) => swing(energies.subarray(run.from, run.to)) >= SMALLEST_SWING_DB)
      .map((run) => ({ startMs: run.from * FRAME_MS, endMs: run.to * FRAME_MS }));
  }
}

interface Run {
  from: number;
  to: number;
}

/** For every step of half a second, the energy from which on a frame counts as speech. */
async function speechThresholds(energies: Float32Array, signal: AbortSignal): Promise<Float32Array> {
  const thresholds = new Float32Array(Math.ceil(energies.length / FLOOR_STEP_FRAMES));
  for (let step = 0; step < thresholds.length; step += 1) {
    const middle = (step + 0.5) * FLOOR_STEP_FRAMES;
    const around = energies.slice(Math.max(0, middle - FLOOR_REACH_FRAMES), middle + FLOOR_REACH_FRAMES).sort();
    const floor = percentile(around, FLOOR_PERCENTILE);
    const nearLoud = Math.max(floor + SMALLEST_SWING_DB, percentile(around, LOUD_PERCENTILE) - BELOW_LOUD_DB);
    thresholds[step] = Math.max(QUIETEST_SPEECH_DB, Math.min(floor + ABOVE_FLOOR_DB, nearLoud));
    if (step % 500 === 499) {
      signal.throwIfAborted();
      await nextTurn();
    }
  }
  return thresholds;
}

function loudRuns(energies: Float32Array, thresholds: Float32Array): Run[] {
  const runs: Run[] = [];
  let from = -1;
  for (let frame = 0; frame <= energies.length; frame += 1) {
    const threshold = thresholds[Math.floor(frame / FLOOR_STEP_FRAMES)] ?? Infinity;
    const loud = (energies[frame] ?? -Infinity) >= threshold;
    if (loud && from < 0) from = frame;
    if (loud || from < 0) continue;
    const last = runs.at(-1);
    if (last !== undefined && from - last.to < HANGOVER_FRAMES) last.to = frame;
    else runs.push({ from, to: frame });
    from = -1;
  }
  return runs.filter((run) => run.to - run.from >= SHORTEST_SPEECH_FRAMES);
}

/** How far energy goes up and down inside a run, its edges left out. */
function swing(energies: Float32Array): number {
  const edge = Math.min(2, Math.floor(energies.length / 6));
  const inner = energies.slice(edge, energies.length - edge).sort();
  return percentile(inner, 0.9) - percentile(inner, 0.1);
}

function percentile(sorted: Float32Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
