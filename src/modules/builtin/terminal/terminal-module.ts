import { resolve } from 'node:path';
import { findProgram } from '../../../setup/find-program.mjs';
import type { AuditLog } from '../../access/audit-log.js';
import { nextWord } from '../../command-line/words.js';
import { richText } from '../../commands/rich-text.js';
import { CommandRefusal, defineModule, type Module, type RichAnswer } from '../../contract/index.js';
import { oneLine } from '../../one-line.js';
import { readableDuration } from '../../readable-duration.js';
import { KeptOutput } from './kept-output.js';
import { CannotStartError, type GroupEnd, PROGRAM_PATH, runProgramGroup } from './run-program-group.js';
import { texts } from './texts.js';
import { workingFolder } from './working-folder.js';

/** What the host's configuration says of it, and where each use is written down. */
export interface TerminalPorts {
  audit: Pick<AuditLog, 'note'>;
  /** Whether a line may be handed to a shell. */
  shell: boolean;
  /** The folder that programs work in; one of its own among the temporary files where it is undefined. */
  folder: string | undefined;
  maxMs: number;
  /** The host's own secrets, which a program of the daemon's user can find (`ps e`): they are not shown in a chat. */
  secrets: readonly string[];
}

const DEFAULT_DEADLINE_MS = 60_000;
const DEFAULT_OUTPUT = 3000;
/** For a group to end after its deadline. */
const OVERHEAD_MS = 10_000;
const PROGRESS_EVERY_MS = 1500;
const SHELL = '/bin/sh';

type Texts = ReturnType<typeof texts.of>;

/** `.terminal` and, where the host allows it, `.sh`. It is there only where the host's configuration names it. */
export function terminalModule(ports: TerminalPorts): Module {
  return defineModule({
    name: 'terminal',
    version: '1.0.0',
    about: texts.both((all) => all.about),
    settings: {
      deadline: {
        kind: 'duration',
        minMs: 1000,
        maxMs: ports.maxMs,
        default: Math.min(DEFAULT_DEADLINE_MS, ports.maxMs),
        about: texts.both((all) => all.settings.deadline),
      },
      output: { kind: 'integer', min: 500, max: 100_000, default: DEFAULT_OUTPUT, about: texts.both((all) => all.settings.output) },
    },
    commands: (command) => {
      const shared = { access: 'typed', deadlineMs: ports.maxMs + OVERHEAD_MS } as const;
      const terminal = command({
        ...shared,
        name: 'terminal',
        aliases: ['t'],
        about: texts.both((all) => all.terminal),
        args: { program: { kind: 'string', rest: true, label: texts.both((all) => all.program) } },
        run: (call, ctx, signal) => {
          const said = texts.of(call.language);
          return run({ typed: call.args.program, argvIn: (folder) => argvOf(call.args.program, folder, said), call, ctx, said, command: 'terminal' }, signal);
        },
      });
      const shell = command({
        ...shared,
        name: 'sh',
        about: texts.both((all) => all.shell),
        args: { line: { kind: 'string', rest: true, label: texts.both((all) => all.line) } },
        run: (call, ctx, signal) =>
          run({ typed: call.args.line, argvIn: () => [SHELL, '-c', call.args.line], call, ctx, said: texts.of(call.language), command: 'sh' }, signal),
      });
      return ports.shell ? [terminal, shell] : [terminal];
    },
  });

  async function run(use: Use, signal: AbortSignal): Promise<RichAnswer> {
    const folder = await workingFolder(ports.folder);
    const argv = use.argvIn(folder);
    await ports.audit.note({ kind: 'danger', command: use.command, what: use.typed });
    return runShown({ ...use, argv, folder, secrets: ports.secrets }, signal);
  }
}

interface Use {
  command: string;
  typed: string;
  argvIn: (folder: string) => [string, ...string[]];
  call: { progress(text: string): void };
  ctx: { settings: { deadline: number; output: number } };
  said: Texts;
}

interface Ready {
  argv: [string, ...string[]];
  folder: string;
  secrets: readonly string[];
}

/** Runs it, its output shown by edits meanwhile. */
async function runShown({ typed, argv, folder, secrets, call, ctx, said }: Use & Ready, signal: AbortSignal): Promise<RichAnswer> {
  const output = new KeptOutput(ctx.settings.output, secrets);
  const beganMs = performance.now();
  const time = (): string => readableTime(performance.now() - beganMs, said);
  const show = (): void => call.progress(`$ ${typed}\n${said.running(time())}\n${output.shown(said.leftOut)}`);
  const shows = setInterval(show, PROGRESS_EVERY_MS);
  try {
    const end = await runProgramGroup({ argv, folder, deadlineMs: ctx.settings.deadline, onText: (text) => output.push(text) }, signal);
    const shown = output.shown(said.leftOut);
    return richText(['code', `$ ${typed}`], `\n${status(end, time(), said)}`, ...(shown === '' ? [] : (['\n', ['pre', shown]] as const)));
  } catch (error) {
    if (error instanceof CannotStartError) throw new CommandRefusal(said.cannotStart(argv[0]), { cause: error });
    throw error;
  } finally {
    clearInterval(shows);
  }
}

function status(end: GroupEnd, time: string, said: Texts): string {
  if (end.kind === 'deadline') return said.tooLong(time);
  if (end.kind === 'signal') return said.killed(end.signal, time);
  return end.status === 0 ? said.done(time) : said.failed(end.status, time);
}

function readableTime(ms: number, { units, decimal }: Texts): string {
  return ms < 10_000 ? `${decimal(ms / 1000)} ${units[3]}` : readableDuration(ms, units);
}

/** The words as they were typed, the first of them as the path of a program. */
function argvOf(line: string, folder: string, said: Texts): [string, ...string[]] {
  const words: string[] = [];
  for (let next = nextWord(line, 0); next.kind !== 'end'; next = nextWord(line, next.word.end)) {
    if (next.kind === 'unclosed') throw new CommandRefusal(said.unclosed);
    words.push(next.word.value);
  }
  const [name = '', ...args] = words;
  const path = name.includes('/') ? findProgram([resolve(folder, name)], '/') : findProgram([name], PROGRAM_PATH);
  if (path === undefined) throw new CommandRefusal(name.trim() === '' ? said.noName : said.noProgram(oneLine(name, 100)));
  return [path, ...args];
}
