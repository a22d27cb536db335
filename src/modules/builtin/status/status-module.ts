import { errorText } from '../../../errors.js';
import { type Answer, type ArgumentsDefinition, type CommandCall, CommandRefusal, defineModule, type FlagsDefinition, type Module } from '../../contract/index.js';
import { debugAnswer } from './debug-answer.js';
import { infoAnswer } from './info/info-answer.js';
import { type LeavingContext, noteRestart, sayBack } from './leaving.js';
import { logsAnswer } from './logs-answer.js';
import { statusAnswer } from './status-answer.js';
import type { StatusPorts } from './status-ports.js';
import { texts } from './texts.js';

type Call = Pick<CommandCall<ArgumentsDefinition, FlagsDefinition>, 'message' | 'language' | 'confirm'>;

/** `.ping`, `.status`, `.debug`, `.info`, `.logs`, `.restart` and `.stop`. */
export function statusModule(ports: StatusPorts): Module {
  return defineModule({
    name: 'status',
    version: '1.0.0',
    about: texts.both((all) => all.module),
    uses: ['send', 'store'],
    commands: (command) => [
      command({
        name: 'ping',
        aliases: ['пинг'],
        about: texts.both((all) => all.ping.about),
        run: async ({ language }, _ctx, signal) => texts.of(language).ping.answer(Math.round(await ports.ping(signal))),
      }),
      command({
        name: 'status',
        aliases: ['статус'],
        about: texts.both((all) => all.status.about),
        run: async ({ language }, { prefix }, signal) => statusAnswer(await ports.status(signal), ports.takesVoices(), texts.of(language), prefix),
      }),
      command({
        name: 'debug',
        aliases: ['отладка'],
        access: 'owner',
        about: texts.both((all) => all.debug.about),
        run: async ({ language }, _ctx, signal) => debugAnswer(await ports.debug(signal), ports.log('error'), texts.of(language).debug),
      }),
      command({
        name: 'info',
        aliases: ['инфо'],
        about: texts.both((all) => all.info.about),
        run: async ({ language }, { log }, signal) => infoAnswer(await ports.status(signal), texts.of(language), { language, log }),
      }),
      command({
        name: 'logs',
        aliases: ['логи'],
        access: 'owner',
        about: texts.both((all) => all.logs.about),
        args: {
          level: { kind: 'choice', options: ['debug', 'info', 'warn', 'error'], optional: true, label: texts.both((all) => all.logs.level) },
        },
        run: ({ args: { level = 'info' }, language }, ctx) =>
          Promise.resolve(logsAnswer(ports.log(level), level, ctx.nowMs(), texts.of(language).logs)),
      }),
      command({
        name: 'restart',
        aliases: ['перезапуск'],
        access: 'typed',
        evenIfBusy: true,
        deadlineMs: WITH_QUESTION_MS,
        about: texts.both((all) => all.restart.about),
        run: (call, ctx, signal) => restart(call, ctx, ports, signal),
      }),
      command({
        name: 'stop',
        aliases: ['стоп'],
        access: 'typed',
        evenIfBusy: true,
        deadlineMs: WITH_QUESTION_MS,
        about: texts.both((all) => all.stop.about),
        run: (call, ctx, signal) => stop(call, ctx, ports, signal),
      }),
    ],
    start: (ctx, signal) => {
      // Telegram may be out of reach for long: nobody waits for it.
      sayBack(ctx, texts.of(ctx.language).restart, signal).catch((error: unknown) => {
        if (!signal.aborted) ctx.log.debug(`it could not be said that the program is back: ${errorText(error)}`);
      });
      return Promise.resolve();
    },
  });
}

/** The question may stand for two minutes. */
const WITH_QUESTION_MS = 180_000;

async function restart({ message, language, confirm }: Call, ctx: LeavingContext, ports: StatusPorts, signal: AbortSignal): Promise<Answer> {
  const { question, leaving, nobody, kept } = texts.of(language).restart;
  if (ports.startedBy === undefined) throw new CommandRefusal(nobody);
  if (!(await confirm(question, signal))) return kept;
  // Said before it leaves: afterwards nothing is sent any more.
  await ctx.send.edit(message.chat, message.messageId, leaving, signal);
  await noteRestart(message, ctx, signal);
  ports.leave('restart');
  return undefined;
}

async function stop({ message, language, confirm }: Call, ctx: LeavingContext, ports: StatusPorts, signal: AbortSignal): Promise<Answer> {
  const { question, dockerQuestion, leaving, kept } = texts.of(language).stop;
  if (!(await confirm(ports.startedBy === 'docker' ? dockerQuestion : question, signal))) return kept;
  await ctx.send.edit(message.chat, message.messageId, leaving, signal);
  ports.leave('stop');
  return undefined;
}
