import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the label alone. */
export type Draw = (label: string) => number;

const DIGITS = 12;

/**
 * Chance that can be had again: one seed and one label always give the same number, whatever else is drawn before or
 * after it, so a plan keeps its shape when something is added to it.
 */
export function drawsOf(seed: number): Draw {
  return (label) => parseInt(createHash('sha256').update(`${seed}/${label}`).digest('hex').slice(0, DIGITS), 16) / 16 ** DIGITS;
}

export function between(low: number, high: number, drawn: number): number {
  return Math.round(low + (high - low) * drawn);
}

/** One of them, each as likely as its weight says. @throws RangeError where there is none. */
export function pick<T extends { weight: number }>(choices: readonly T[], drawn: number): T {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let left = drawn * total;
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  throw new RangeError('There is nothing to pick from');
}
