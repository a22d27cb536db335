import type { EngineState } from '../../../speech/engine-state.js';
import { readableDuration } from '../../readable-duration.js';
import type { en } from './texts/en.js';

/** What `.status` says of the engine; what it does not know of itself, and what did not happen, is left out. */
export function engineLines(state: EngineState, nowMs: number, { status: texts, units }: typeof en): string[] {
  const { engine, threads, flashAttention, tuned, realTimeFactor, restarts = 0, lastRestart, resting = [], trouble } = state;
  const how = [
    ...(threads === undefined ? [] : [texts.threads(threads)]),
    ...(flashAttention === undefined ? [] : [texts.flashAttention(flashAttention)]),
    ...(tuned === true ? [texts.tuned] : []),
    ...(realTimeFactor === undefined ? [] : [texts.speed(realTimeFactor)]),
  ];
  const ago = lastRestart === undefined ? '' : readableDuration(nowMs - lastRestart.atMs, units);
  return [
    texts.model(state.model, state.loaded),
    texts.engine([engine, ...how].join(', ')),
    ...(restarts === 0 || lastRestart === undefined ? [] : [texts.restarts(restarts, ago, texts.endCauses[lastRestart.cause])]),
    ...(resting.length === 0 ? [] : [texts.engineResting(resting.join(', '))]),
    ...(trouble === undefined ? [] : [texts.engineTrouble(trouble)]),
  ];
}
