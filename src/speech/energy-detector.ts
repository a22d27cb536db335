import { setImmediate as nextTurn } from 'node:timers/promises';
import { readWindow, type PcmFile } from '../media/pcm-file.js';
import { FRAME_MS, recordingEnergies } from './frame-energy.js';
import { soundsLikeVoice } from './sounds-like-voice.js';
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
/** A voice is told from other sounds over stretches of at most this length. */
const JUDGED_MS = 8000;
/** Less is too little to tell; it is taken for what its neighbours are, where they are no further away than this. */
const TOO_SHORT_MS = 600;
const NEIGHBOUR_MS = 2000;
/** Sound before and after a stretch in which its pitch and its edges can be seen. */
const AROUND_MS = 60;

/**
 * Finds speech without a model, where Silero's is not at hand: frames that stand out from an adaptive noise floor, in
 * stretches that rise and fall and sound as voices do (`soundsLikeVoice`). Whispering it does not find, singing it may.
 */
export class EnergyDetector implements SpeechDetector {
  readonly name = 'energy';

  async detect(recording: PcmFile, signal: AbortSignal): Promise<SpeechSpan[]> {
    const energies = await recordingEnergies(recording, signal);
    const thresholds = await speechThresholds(energies, signal);
    const spans = loudRuns(energies, thresholds)
      .filter((run) => swing(energies.subarray(run.from, run.to)) >= SMALLEST_SWING_DB)
      .map((run) => ({ startMs: run.from * FRAME_MS, endMs: run.to * FRAME_MS }));
    return voices(recording, spans, signal);
  }
}

/** Of these spans those in which there is a voice, long ones part by part. */
async function voices(recording: PcmFile, spans: readonly SpeechSpan[], signal: AbortSignal): Promise<SpeechSpan[]> {
  const parts = spans.flatMap(inParts);
  const isVoice: boolean[] = [];
  for (const { startMs, endMs } of parts) {
    signal.throwIfAborted();
    isVoice.push(soundsLikeVoice(await readWindow(recording, startMs - AROUND_MS, endMs + AROUND_MS)));
    await nextTurn();
  }
  const found = parts.filter((_, index) => isVoice[index]);
  const isNearVoice = ({ startMs, endMs }: SpeechSpan): boolean =>
    found.some((voice) => voice.startMs - endMs <= NEIGHBOUR_MS && startMs - voice.endMs <= NEIGHBOUR_MS);
  return joined(parts.filter((part, index) => isVoice[index] === true || (part.endMs - part.startMs < TOO_SHORT_MS && isNearVoice(part))));
}

function inParts({ startMs, endMs }: SpeechSpan): SpeechSpan[] {
  const count = Math.ceil((endMs - startMs) / JUDGED_MS);
  const at = (part: number) => startMs + Math.round(((endMs - startMs) * part) / count / FRAME_MS) * FRAME_MS;
  return Array.from({ length: count }, (_, part) => ({ startMs: at(part), endMs: at(part + 1) }));
}

/** Parts that follow each other without a pause are one span again. */
function joined(parts: readonly SpeechSpan[]): SpeechSpan[] {
  const spans: SpeechSpan[] = [];
  for (const part of parts) {
    const last = spans.at(-1);
    if (last?.endMs === part.startMs) last.endMs = part.endMs;
    else spans.push({ ...part });
  }
  return spans;
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
