import type { Logger } from '../log/logger.js';
import { pcmDurationMs } from '../media/pcm.js';
import type { EngineProgram } from './engine-builds.js';
import { EngineDiedError } from './engine-end.js';
import { EngineRun } from './engine-run.js';
import { workOf } from './expected-time.js';
import { knownClip } from './known-clip.js';
import type { Tuning } from './tuning-store.js';

export interface TuneModelOptions {
  program: EngineProgram;
  modelPath: string;
  runDir: string;
  /** What may run at the same time here, see `usableCores`; more is slower and never tried. */
  cores: number;
  /** Called with each way that was tried. */
  onTried?: (tried: Tried) => void;
  nowMs: () => number;
  log: Logger;
}

/** One way to run a model. */
export interface Tried {
  threads: number;
  flashAttention: boolean;
  /** For the clip; undefined where it took so long that it was broken off. */
  tookMs: number | undefined;
}

/** A voice note as people send them, in English, which every model knows. */
const CLIP = '04-en.ogg';
const RUNS = 2;
const START_TIMEOUT_MS = 180_000;
/** The first way has nothing to be compared with. */
const FIRST_LIMIT_MS = 300_000;
/** What is this much slower than the best is broken off. */
const HOPELESS = 2;

/** All cores are given up only for what is clearly quicker: the machine may have been busy for a moment. */
const CLEARLY = 0.9;

/**
 * Measures how `model` runs best on this machine: with which number of threads, and with or without flash attention. Each
 * way has a process of its own, one after the other; the better of two runs counts, after one that warms it up. Aborted, it
 * ends at once. Rejects as `EngineRun` where no way works at all.
 */
export async function tuneModel(options: TuneModelOptions, signal: AbortSignal): Promise<Tuning> {
  const clip = await knownClip(CLIP, signal);
  let best: (Tried & { tookMs: number }) | undefined;
  const attempt = async (threads: number, flashAttention: boolean): Promise<void> => {
    const limitMs = best === undefined ? FIRST_LIMIT_MS : HOPELESS * best.tookMs;
    const tookMs = await measure({ ...options, threads, flashAttention }, clip, limitMs, signal);
    options.onTried?.({ threads, flashAttention, tookMs });
    if (tookMs !== undefined && (best === undefined || tookMs < CLEARLY * best.tookMs)) best = { threads, flashAttention, tookMs };
  };
  for (const threads of threadCounts(options.cores)) await attempt(threads, true);
  await attempt(best?.threads ?? options.cores, false);
  if (best === undefined) throw new EngineDiedError('hang', `the engine needs more than ${FIRST_LIMIT_MS} ms for a voice note of some seconds`);
  const { threads, flashAttention, tookMs } = best;
  return {
    threads,
    flashAttention,
    realTimeFactor: tookMs / pcmDurationMs(clip.pcm),
    msPerWindow: tookMs / workOf(clip),
    measuredAtMs: options.nowMs(),
  };
}

/** All up to eight; of more, steps of a quarter or so: the best is flat there. The most first, mostly the best. */
export function threadCounts(cores: number): number[] {
  const counts = new Set<number>();
  for (let count = cores; count >= 1; count = Math.min(count - 1, count > 8 ? Math.floor(count * 0.75) : count - 1)) counts.add(count);
  return [...counts];
}

async function measure(
  options: TuneModelOptions & Pick<Tuning, 'threads' | 'flashAttention'>,
  clip: Parameters<typeof workOf>[0],
  limitMs: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const run = await EngineRun.start({ ...options, startTimeoutMs: START_TIMEOUT_MS, abortGraceMs: 0 }, signal);
  try {
    // The first run makes the buffers; a slow way shows there already.
    const times: number[] = [];
    for (let count = 0; count <= RUNS; count += 1) {
      const startedAt = performance.now();
      await run.ask(clip, count === 0 ? limitMs * HOPELESS : limitMs, { signal, inHurry: () => true });
      times.push(performance.now() - startedAt);
    }
    return Math.min(...times.slice(1));
  } catch (error) {
    if (error instanceof EngineDiedError && error.end === 'hang') return undefined;
    throw error;
  } finally {
    await run.kill();
  }
}
