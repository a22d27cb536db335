/** Positions of the encoder for the 30 s that Whisper was trained on; each stands for 20 ms. */
export const FULL_AUDIO_CONTEXT = 1500;

const MS_PER_POSITION = 20;
const MARGIN = 100;
/**
 * With flash attention whisper.cpp's decoder looks at the context rounded up to 256, with no mask, and what lies between is
 * zero in a new process or else what is left of an earlier sound: so there must be nothing between.
 */
const STEP = 256;

/**
 * How much of the encoder a sound needs: the lever that makes a 5 s note cost less than 30 s. A context that only just
 * holds the sound makes models repeat or drop words, so there is a margin.
 */
export function audioContextFor(durationMs: number): number {
  const needed = Math.ceil(durationMs / MS_PER_POSITION) + MARGIN;
  return Math.min(FULL_AUDIO_CONTEXT, Math.ceil(needed / STEP) * STEP);
}
