import type { Fault } from './fault.js';

export interface CatalogueEntry {
  fault: Fault;
  /** How often it is drawn, against the others. */
  weight: number;
  /** How long it lasts, or for which time what was killed stays away: from, to, ms. */
  lastsMs: readonly [number, number];
}

/** The calls between which a voice's work has its stages; for each, before and after it took effect. */
const BOUNDARIES = [
  ['upload.GetFile', 1],
  ['messages.SetTyping', 0.5],
  ['messages.SendMessage', 3],
  ['messages.EditMessage', 1],
  ['updates.GetDifference', 1],
] as const;

const AWAY = [100, 4000] as const;
const MOMENT = [0, 0] as const;

function boundaries(kind: 'kill-at' | 'cut-at', lastsMs: CatalogueEntry['lastsMs']): CatalogueEntry[] {
  return BOUNDARIES.flatMap(([method, weight]) =>
    [false, true].map((takesEffect) => ({ fault: { kind, method, takesEffect }, weight, lastsMs })),
  );
}

function entry(weight: number, lastsMs: CatalogueEntry['lastsMs'], fault: Fault): CatalogueEntry {
  return { fault, weight, lastsMs };
}

/** Every fault that a run draws from. */
export const FAULTS: readonly CatalogueEntry[] = [
  entry(3, MOMENT, { kind: 'cut', how: 'rst' }),
  entry(1, MOMENT, { kind: 'cut', how: 'fin' }),
  entry(4, [1000, 8000], { kind: 'refuse' }),
  entry(3, [2000, 15_000], { kind: 'black-hole', directions: ['up', 'down'] }),
  entry(1, [2000, 12_000], { kind: 'black-hole', directions: ['up'] }),
  entry(1, [2000, 12_000], { kind: 'black-hole', directions: ['down'] }),
  entry(4, MOMENT, { kind: 'half-open' }),
  entry(2, [4000, 12_000], { kind: 'slow', bytesPerSecond: 1000 }),
  entry(1, [4000, 10_000], { kind: 'late', ms: 1500 }),
  ...boundaries('cut-at', MOMENT),
  entry(4, AWAY, { kind: 'kill' }),
  ...boundaries('kill-at', AWAY),
  entry(2, AWAY, { kind: 'kill-while-starting' }),
  entry(3, AWAY, { kind: 'terminate' }),
  entry(2, [2000, 20_000], { kind: 'freeze' }),
  entry(2, MOMENT, { kind: 'redis', how: 'terminate' }),
  entry(2, MOMENT, { kind: 'redis', how: 'kill' }),
  entry(3, [100, 1500], { kind: 'redis', how: 'lose-last-second' }),
  entry(2, [1000, 10_000], { kind: 'redis', how: 'freeze' }),
  entry(4, AWAY, { kind: 'power-cut' }),
  entry(2, MOMENT, { kind: 'engine', how: 'kill' }),
  entry(2, [1000, 6000], { kind: 'engine', how: 'freeze' }),
  entry(0.5, MOMENT, { kind: 'engine', how: 'freeze-for-good' }),
  entry(2, MOMENT, { kind: 'refusal', method: 'messages.SendMessage', code: 420, message: 'FLOOD_WAIT_3', times: 1 }),
  entry(1, MOMENT, { kind: 'refusal', method: 'messages.EditMessage', code: 420, message: 'FLOOD_WAIT_2', times: 1 }),
  entry(1, MOMENT, { kind: 'refusal', method: 'upload.GetFile', code: 420, message: 'FLOOD_WAIT_2', times: 1 }),
  entry(2, MOMENT, { kind: 'refusal', method: 'messages.SendMessage', code: 500, message: 'MSG_WAIT_FAILED', times: 2 }),
  entry(1, MOMENT, { kind: 'refusal', method: 'upload.GetFile', code: 500, message: 'INTERDC_2_CALL_ERROR', times: 2 }),
  entry(1, MOMENT, { kind: 'refusal', method: 'updates.GetDifference', code: 500, message: 'PERSISTENT_TIMESTAMP_OUTDATED', times: 1 }),
  entry(2, MOMENT, { kind: 'move-file' }),
  entry(1, MOMENT, { kind: 'expire-references' }),
  entry(2, [2000, 8000], { kind: 'lose-updates', then: 'nothing' }),
  entry(2, [2000, 8000], { kind: 'lose-updates', then: 'too-long' }),
  entry(2, [2000, 8000], { kind: 'lose-updates', then: 'forgotten' }),
  entry(2, [2000, 8000], { kind: 'lose-updates', then: 'channels-forgotten' }),
  entry(0.5, [5000, 15_000], { kind: 'clock', hours: 3 }),
  entry(0.5, [5000, 15_000], { kind: 'clock', hours: -3 }),
  entry(1, MOMENT, { kind: 'close-sessions' }),
];
