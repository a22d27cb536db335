import { z } from 'zod';
import { ConfinementError, type ThrownInside } from '../../boundary/confinement-error.js';
import type { ConfinementEnd } from '../../boundary/confined-program.js';
import { startConfinedProgram } from '../../boundary/start-confined-program.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { ModuleMessage } from '../../contract/module-message.js';

/** All that comes in, as data. */
export interface Evaluated {
  code: string;
  message: ModuleMessage;
  reply: ModuleMessage | undefined;
  args: readonly string[];
}

export interface EvaluationLimits {
  deadlineMs: number;
  memoryBytes: number;
}

export type Outcome =
  | { kind: 'value'; shown: string; leftOut: number }
  | { kind: 'threw'; error: ThrownInside }
  | { kind: 'ended'; end: Exclude<ConfinementEnd, 'stopped'> };

export interface Evaluation {
  outcome: Outcome;
  /** Lines of its console, as they came. */
  console: readonly string[];
}

const CODE_FILE = 'code';
/** With as much code before it, the answer is two messages at most. */
const MAX_SHOWN = 3000;
const MAX_OUTPUT_BYTES = 16 * 1024;

/** Runs in the boundary. An object is meant where braces begin the code, as long as that is one. */
const PROGRAM = `
  const isBraced = (code) => /^\\s*\\{/.test(code);
  async function evaluated(code) {
    if (!isBraced(code)) return host.evaluate(code, '${CODE_FILE}');
    try { return await host.evaluate('(' + code + '\\n)', '${CODE_FILE}'); }
    catch (error) {
      if (error instanceof SyntaxError) return host.evaluate(code, '${CODE_FILE}');
      throw error;
    }
  }
  export async function run({ code, message, reply, args }) {
    Object.assign(globalThis, { message, reply: reply ?? undefined, args });
    const { value } = await evaluated(code);
    const shown = host.inspect(await value);
    return { shown: shown.slice(0, ${MAX_SHOWN}), leftOut: Math.max(0, shown.length - ${MAX_SHOWN}) };
  }`;

const answerShape = z.object({ shown: z.string(), leftOut: z.number() });

/** Runs the code in a process of its own, which is gone when this resolves. Rejects with the signal's reason only. */
export async function evaluate(what: Evaluated, limits: EvaluationLimits, signal: AbortSignal): Promise<Evaluation> {
  const lines: string[] = [];
  const deadline = AbortSignal.timeout(limits.deadlineMs);
  const until = AbortSignal.any([signal, deadline]);
  try {
    return { outcome: await outcomeOf(what, limits, lines, until), console: lines };
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    return { outcome: { kind: 'ended', end: 'time' }, console: lines };
  }
}

async function outcomeOf(what: Evaluated, { deadlineMs, memoryBytes }: EvaluationLimits, lines: string[], signal: AbortSignal): Promise<Outcome> {
  const program = await startConfinedProgram(
    {
      modules: { evaluate: PROGRAM },
      entry: 'evaluate',
      limits: { memoryBytes, callMs: deadlineMs, outputBytes: MAX_OUTPUT_BYTES },
      hostCall: () => Promise.reject(new CommandRefusal('there is nothing to call here')),
      log: (level, text) => lines.push(level === 'warn' || level === 'error' ? `${level}: ${text}` : text),
    },
    signal,
  );
  try {
    const { shown, leftOut } = answerShape.parse(await program.call('run', { ...what, reply: what.reply ?? null }, signal));
    return { kind: 'value', shown, leftOut };
  } catch (error) {
    if (!(error instanceof ConfinementError) || error.reason === 'stopped') throw error;
    if (error.reason !== 'threw') return { kind: 'ended', end: error.reason };
    return { kind: 'threw', error: error.thrown ?? { name: 'Error', message: '', stack: '' } };
  } finally {
    await program.stop();
  }
}

/** The line and column of the person's code where it threw: `3:9`; undefined where none is known. */
export function placeInCode({ stack }: ThrownInside): string | undefined {
  return new RegExp(`\\(?\\b${CODE_FILE}:(\\d+)`).exec(stack)?.[1];
}
