import { richText, type RichPiece } from '../../commands/rich-text.js';
import { CommandRefusal, defineModule, type Module } from '../../contract/index.js';
import { evaluate, type Evaluation, type EvaluationLimits, placeInCode } from './evaluation.js';
import { texts } from './texts.js';

const MAX_DEADLINE_MS = 120_000;
/** For the process itself to come and go. */
const OVERHEAD_MS = 60_000;
const MAX_RUNNING = 2;
const MAX_CONSOLE = 2000;
const MIB = 1024 ** 2;

type Texts = ReturnType<typeof texts.of>;

/** `.e`: JavaScript in the boundary. It is there only where the host's configuration names it. */
export function evaluateModule(): Module {
  let running = 0;
  return defineModule({
    name: 'evaluate',
    version: '1.0.0',
    about: texts.both((all) => all.about),
    settings: {
      deadline: { kind: 'duration', minMs: 1000, maxMs: MAX_DEADLINE_MS, default: 10_000, about: texts.both((all) => all.settings.deadline) },
      memory: { kind: 'integer', min: 24, max: 256, default: 64, about: texts.both((all) => all.settings.memory) },
    },
    commands: (command) => [
      command({
        name: 'e',
        aliases: ['eval'],
        about: texts.both((all) => all.command),
        access: 'typed',
        deadlineMs: MAX_DEADLINE_MS + OVERHEAD_MS,
        flags: { args: { kind: 'list', of: { kind: 'string' }, short: 'a', about: texts.both((all) => all.args) } },
        args: { code: { kind: 'string', rest: true, label: texts.both((all) => all.code) } },
        run: async (call, ctx, signal) => {
          const said = texts.of(call.language);
          if (running >= MAX_RUNNING) throw new CommandRefusal(said.busy);
          running += 1;
          try {
            const limits = { deadlineMs: ctx.settings.deadline, memoryBytes: ctx.settings.memory * MIB };
            const { code } = call.args;
            const what = { code, message: call.message, reply: await call.repliedTo(signal), args: call.flags.args ?? [] };
            const evaluation = await evaluate(what, limits, signal);
            return richText(...answer({ code, evaluation, limits }, said));
          } finally {
            running -= 1;
          }
        },
      }),
    ],
  });
}

interface Shown {
  code: string;
  evaluation: Evaluation;
  limits: EvaluationLimits;
}

function answer({ code, evaluation: { outcome, console, tookMs }, limits }: Shown, said: Texts): RichPiece[] {
  const block = (text: string): RichPiece[] => (text.trim() === '' ? [] : ['\n', ['pre', text]]);
  const lines = console.join('\n');
  const unseen = Math.max(0, lines.length - MAX_CONSOLE);
  const more = (characters: number): RichPiece[] => (characters > 0 ? [`\n${said.more(characters)}`] : []);
  const printed: RichPiece[] = console.length === 0 ? [] : [`\n${said.console}`, ...block(lines.slice(0, MAX_CONSOLE)), ...more(unseen)];
  return [['pre', code], '\n', ...result(), ...printed];

  function result(): RichPiece[] {
    switch (outcome.kind) {
      case 'value':
        return [said.took(time(tookMs, said)), ...block(outcome.shown), ...more(outcome.leftOut)];
      case 'threw': {
        const line = placeInCode(outcome.error);
        return [line === undefined ? said.threw : said.threwIn(line), ...block(`${outcome.error.name}: ${outcome.error.message}`)];
      }
      case 'ended':
        return [ended(outcome.end)];
    }
  }

  function ended(end: Extract<Evaluation['outcome'], { kind: 'ended' }>['end']): string {
    switch (end) {
      case 'time':
        return said.ended.time(time(limits.deadlineMs, said));
      case 'memory':
        return said.ended.memory(`${limits.memoryBytes / MIB} ${said.megabytes}`);
      default:
        return said.ended[end];
    }
  }
}

function time(ms: number, { milliseconds, seconds }: Texts): string {
  return ms < 1000 ? `${Math.round(ms)} ${milliseconds}` : `${Math.round(ms / 100) / 10} ${seconds}`;
}
