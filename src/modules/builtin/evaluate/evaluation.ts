import { z } from 'zod';
import { withLinkedAbort } from '../../../linked-abort.js';
import { ConfinementError, type ThrownInside } from '../../boundary/confinement-error.js';
import type { ConfinedProgram, ConfinementEnd } from '../../boundary/confined-program.js';
import { startConfinedProgram } from '../../boundary/start-confined-program.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { ModuleMessage } from '../../contract/module-message.js';
import { readableOutput } from '../../readable-output.js';

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
  /** Of the code alone: its process had been started by then. */
  tookMs: number;
  /** Lines of its console, as they came. */
  console: readonly string[];
}

const CODE_FILE = 'code';
/** With as much code before it, the answer is two messages at most. */
const MAX_SHOWN = 3000;
const MAX_OUTPUT_BYTES = 16 * 1024;
const START_MS = 30_000;
/** Whoever computes for too long ends by the boundary's own account, which still has its console; who only waits is ended after it. */
const GRACE_MS = 500;
/** Of an error's stack, what is not the person's code. */
const OUR_FRAMES = /^ +at .*\((?:prelude\.js|evaluate):[\d:]+\)\n?/gm;

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

/** Runs the code in a process of its own, which is gone when this resolves. Rejects with the signal's reason, or where there can be no process. */
export async function evaluate(what: Evaluated, { deadlineMs, memoryBytes }: EvaluationLimits, signal: AbortSignal): Promise<Evaluation> {
  const lines: string[] = [];
  const options = {
    modules: { evaluate: PROGRAM },
    entry: 'evaluate',
    limits: { memoryBytes, callMs: deadlineMs, outputBytes: MAX_OUTPUT_BYTES },
    hostCall: () => Promise.reject(new CommandRefusal('there is nothing to call here')),
    log: (level: string, text: string) => lines.push(readableOutput(level === 'warn' || level === 'error' ? `${level}: ${text}` : text)),
  };
  const program = await withLinkedAbort([signal, AbortSignal.timeout(START_MS)], (until) => startConfinedProgram(options, until));
  const beganMs = performance.now();
  try {
    const outcome = await outcomeOf(program, what, AbortSignal.timeout(deadlineMs + GRACE_MS), signal);
    return { outcome, console: lines, tookMs: performance.now() - beganMs };
  } finally {
    await program.stop();
  }
}

async function outcomeOf(program: ConfinedProgram, what: Evaluated, deadline: AbortSignal, signal: AbortSignal): Promise<Outcome> {
  try {
    const { shown, leftOut } = answerShape.parse(await withLinkedAbort([signal, deadline], (until) => program.call('run', { ...what, reply: what.reply ?? null }, until)));
    return { kind: 'value', shown: readableOutput(shown.replace(OUR_FRAMES, '')), leftOut };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) return { kind: 'ended', end: 'time' };
    if (!(error instanceof ConfinementError) || error.reason === 'stopped') throw error;
    if (error.reason !== 'threw') return { kind: 'ended', end: error.reason };
    const { name, message, stack } = error.thrown ?? { name: 'Error', message: '', stack: '' };
    return { kind: 'threw', error: { name: readableOutput(name), message: readableOutput(message), stack } };
  }
}

/** The line and column of the person's code where it threw: `3:9`; undefined where none is known. */
export function placeInCode({ stack }: ThrownInside): string | undefined {
  return new RegExp(`\\(?\\b${CODE_FILE}:(\\d+)`).exec(stack)?.[1];
}
