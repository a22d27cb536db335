import { AppError } from '../../../errors.js';
import { plainWords } from '../puppet-text.js';
import type { Contender, Hearing, Note } from './contender.js';
import { TooLateError } from './worker-process.js';

/** What a contender made of one note. */
export type Outcome =
  | { kind: 'done'; hearings: Hearing[]; peakBytes: number; saysRight: boolean }
  | { kind: 'late'; limitMs: number; peakBytes: number }
  | { kind: 'skipped'; reason: string };

export interface Entry {
  contender: Contender;
  rounds: number;
  deadlineMs: number;
  /** What the model says for each window of sound. */
  sentence: string;
}

/**
 * Lets contenders write a note down, in turn, round by round and every second round the other way about, so that whatever
 * else the machine does hits all alike. What each needs before its first answer (a model, pages of memory) is not counted
 * where it stays resident: `warmUp` is heard first.
 */
export async function race(entries: readonly Entry[], { note, warmUp }: { note: Note; warmUp: Note }, signal: AbortSignal): Promise<Outcome[]> {
  const states = entries.map((entry) => ({ entry, hearings: [] as Hearing[], failure: undefined as Outcome | undefined }));
  type State = (typeof states)[number];
  const attempt = async (state: State, asked: Note): Promise<Hearing | undefined> => {
    const { contender, deadlineMs } = state.entry;
    if (state.failure !== undefined) return undefined;
    try {
      return await contender.hear(asked, deadlineMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      state.failure = failureOf(error, contender);
      return undefined;
    }
  };
  for (const state of states) if (state.entry.rounds > 1) await attempt(state, warmUp);
  for (let round = 0; round < Math.max(...entries.map(({ rounds }) => rounds)); round += 1) {
    for (const state of round % 2 === 0 ? states : states.toReversed()) {
      if (round >= state.entry.rounds) continue;
      const hearing = await attempt(state, note);
      if (hearing !== undefined) state.hearings.push(hearing);
    }
  }
  return states.map(({ entry, hearings, failure }) => {
    const saysRight = hearings.every(({ text }) => windowsIn(text, entry.sentence) !== undefined);
    return failure ?? { kind: 'done', hearings, peakBytes: entry.contender.peakBytes, saysRight };
  });
}

function failureOf(error: unknown, { peakBytes }: Contender): Outcome {
  if (error instanceof TooLateError) return { kind: 'late', limitMs: error.limitMs, peakBytes };
  if (error instanceof AppError) return { kind: 'skipped', reason: error.message };
  throw error;
}

/** How many times a text is this sentence, one after the other and nothing else; undefined where it is another text. */
export function windowsIn(text: string, sentence: string): number | undefined {
  const [heard, wanted] = [plainWords(text), plainWords(sentence)];
  const times = heard.length / wanted.length;
  const isThat = Number.isInteger(times) && times > 0 && heard.every((word, at) => word === wanted[at % wanted.length]);
  return isThat ? times : undefined;
}
