import { msToSamples, type Pcm } from '../media/pcm.js';

/** The sound, filled up with silence to a length that an engine takes. */
export function padded(pcm: Pcm, shortestMs: number): Pcm {
  const shortest = msToSamples(shortestMs);
  if (pcm.samples.length >= shortest) return pcm;
  const samples = new Int16Array(shortest);
  samples.set(pcm.samples);
  return { samples };
}
