import { readWindow, type PcmFile } from '../media/pcm-file.js';
import { FRAME_MS, frameEnergies } from './frame-energy.js';

/** A pause worth cutting at is about this long. */
const PAUSE_FRAMES = 160 / FRAME_MS;

/** The middle of the quietest pause-long stretch in [fromMs, toMs]: the best place to cut speech that has no longer pause. */
export async function quietestMoment(recording: PcmFile, fromMs: number, toMs: number): Promise<number> {
  const energies = frameEnergies(await readWindow(recording, fromMs, toMs));
  let best = { energy: Infinity, frame: Math.floor(energies.length / 2) };
  for (let frame = 0; frame + PAUSE_FRAMES <= energies.length; frame += 1) {
    const energy = energies.subarray(frame, frame + PAUSE_FRAMES).reduce((sum, value) => sum + value, 0);
    if (energy < best.energy) best = { energy, frame: frame + PAUSE_FRAMES / 2 };
  }
  return fromMs + best.frame * FRAME_MS;
}
