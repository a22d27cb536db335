import type { TranscribedSegment } from './transcript.js';

/** How sure the engine is of a text: the mean logarithm of what it is made of; undefined where there is none, or it does not tell. */
export function meanLogProbability(segments: readonly TranscribedSegment[]): number | undefined {
  const weighed = segments.flatMap(({ avgLogProbability, words }) =>
    avgLogProbability === undefined
      ? words.flatMap(({ probability }) => (probability === undefined ? [] : { value: Math.log(Math.max(probability, 1e-6)), weight: 1 }))
      : { value: avgLogProbability, weight: Math.max(1, words.length) },
  );
  const weight = weighed.reduce((sum, part) => sum + part.weight, 0);
  return weight === 0 ? undefined : weighed.reduce((sum, part) => sum + part.value * part.weight, 0) / weight;
}
