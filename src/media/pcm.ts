/**
 * Mono 16 kHz signed 16-bit samples: the one shape of sound between ffmpeg and the engine. An hour of it is 115 MB, which
 * is why whole recordings stand in a `PcmFile` and only windows of them are in memory.
 */
export interface Pcm {
  samples: Int16Array;
}

export const SAMPLE_RATE_HZ = 16_000;
export const BYTES_PER_SAMPLE = 2;

export function pcmDurationMs(pcm: Pcm): number {
  return samplesToMs(pcm.samples.length);
}

export function msToSamples(ms: number): number {
  return Math.round((ms * SAMPLE_RATE_HZ) / 1000);
}

export function samplesToMs(samples: number): number {
  return (samples * 1000) / SAMPLE_RATE_HZ;
}
