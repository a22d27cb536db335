import { causeText, errorText, ModuleStoppedError, RetryableError } from '../../errors.js';
import { textsFor, type Texts } from '../../i18n/texts.js';
import { linkedAbort } from '../../linked-abort.js';
import { orAborted } from '../../or-aborted.js';
import type { IncomingMessage } from '../../telegram/incoming-message.js';
import { readArguments } from '../command-line/read-arguments.js';
import { usageOf } from '../command-line/usage.js';
import type { RichAnswer } from '../contract/answer.js';
import type { ArgumentsDefinition, CommandCall, FlagsDefinition } from '../contract/command-definition.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { FoundCommand } from '../host/module-directory.js';
import { moduleMessageOf } from '../host/module-message-of.js';
import { readablePeriod } from '../readable-duration.js';
import type { AnswerPlace } from './answer-place.js';
import { commandHelp } from './command-help.js';
import type { CommandRunnerDependencies } from './command-runner-dependencies.js';
import { CommandCancelled, chatOf, type CommandRun, type CommandRuns } from './command-runs.js';
import type { Confirmations } from './confirmations.js';
import { Deadline, DeadlinePassed } from './deadline.js';
import { richText } from './rich-text.js';

const DEADLINE_MS = 60_000;

/** A command that is going to run, and what that takes. */
export interface CommandToRun extends Omit<CommandRunnerDependencies, 'access'> {
  incoming: IncomingMessage;
  found: FoundCommand;
  /** What was typed after its name. */
  rest: string;
  caller: string;
  place: AnswerPlace;
  runs: CommandRuns;
  confirmations: Confirmations;
}

/**
 * Reads the arguments, runs the command within its deadline and writes what came of it: the answer, what was wrong, that it failed or
 * was cancelled. Nothing is written where it was edited and runs again, or the daemon stops.
 */
export async function runCommand(to: CommandToRun, signal: AbortSignal): Promise<void> {
  const { incoming, found, place, clock, runs } = to;
  const run: CommandRun = {
    accountId: incoming.accountId,
    chat: chatOf(incoming),
    messageId: incoming.messageId,
    ...(incoming.replyToMessageId !== undefined && { repliesTo: incoming.replyToMessageId }),
    module: found.module.name,
    command: found.command.name,
    caller: to.caller,
    steers: found.command.steers === true,
  };
  const { signal: cancelled, end } = runs.begin(run);
  const deadline = new Deadline(found.command.deadlineMs ?? DEADLINE_MS, clock);
  const { signal: over, unlink } = linkedAbort(signal, cancelled, deadline.signal);
  const { signal: writing, unlink: endWriting } = whileItStands(cancelled, signal);
  try {
    if (found.command.secret === true) await place.removeCommand(signal);
    const answer = await outcome(to, { run, deadline }, over);
    run.isAnswering = true;
    if (answer !== undefined) await place.answer(answer, writing);
  } catch (error) {
    if (!isReplaced(cancelled)) throw error;
  } finally {
    place.end();
    deadline.stop();
    unlink();
    endWriting();
    end();
  }
}

/** Aborted with the daemon's signal, and where the command is edited: its message is then another run's to write to. */
function whileItStands(cancelled: AbortSignal, signal: AbortSignal): ReturnType<typeof linkedAbort> {
  const replaced = new AbortController();
  const forward = (): void => {
    if (isReplaced(cancelled)) replaced.abort(cancelled.reason);
  };
  cancelled.addEventListener('abort', forward, { once: true });
  return linkedAbort(signal, replaced.signal);
}

function isReplaced({ reason }: AbortSignal): boolean {
  return reason instanceof CommandCancelled && reason.because === 'edited';
}

interface Running {
  run: CommandRun;
  deadline: Deadline;
}

async function outcome(to: CommandToRun, running: Running, signal: AbortSignal): Promise<RichAnswer | undefined> {
  try {
    const answer = await orAborted(call(to, running, signal), signal);
    return typeof answer === 'string' ? { text: answer } : answer;
  } catch (error) {
    return failure(error, to, signal);
  }
}

async function call(to: CommandToRun, { run, deadline }: Running, signal: AbortSignal): Promise<RichAnswer | string | undefined> {
  const { incoming, found, rest, choices, place, directory, confirmations, howToAnswer } = to;
  const { command, module } = found;
  const { language } = choices;
  let reply: Promise<ModuleMessage | undefined> | undefined;
  const repliedTo = (stop: AbortSignal): Promise<ModuleMessage | undefined> => (reply ??= repliedMessage(to, stop));
  const reading = await readArguments({ command, line: rest, language, isReply: incoming.replyToMessageId !== undefined, repliedTo: () => repliedTo(signal) });
  if (reading.kind === 'help') return commandHelp(found, choices.prefix, language);
  if (reading.kind === 'wrong') return wrong(to, reading.problem);
  const commandCall: CommandCall<ArgumentsDefinition, FlagsDefinition> = {
    message: moduleMessageOf(incoming),
    // The definition's own types are what these were read by.
    args: reading.args as never,
    flags: reading.flags as never,
    byOwner: incoming.outgoing,
    language,
    repliedTo,
    progress: (text) => {
      if (!signal.aborted) place.progress(text);
    },
    confirm: async (question, stop) => {
      deadline.pause();
      const unshown = new AbortController();
      const { signal: asking, unlink } = linkedAbort(stop, unshown.signal);
      try {
        // An answer may come before we are told that the question stands there.
        const answer = confirmations.ask(run, asking);
        answer.catch(() => undefined);
        await place.show({ text: `${question}\n\n${howToAnswer()}`, entities: [] }, stop);
        if (place.shownIn !== undefined) run.shownIn = place.shownIn;
        return await answer;
      } finally {
        unshown.abort(new Error('the question is not asked any more'));
        unlink();
        deadline.resume();
      }
    },
  };
  return directory.inModule(module.name, (context, stop) => command.run(commandCall, context, stop), signal);
}

async function repliedMessage({ incoming, gatewayFor }: CommandToRun, signal: AbortSignal): Promise<ModuleMessage | undefined> {
  if (incoming.replyToMessageId === undefined) return undefined;
  const replied = await gatewayFor('command').getMessage(incoming.chat, incoming.replyToMessageId, signal);
  return replied === undefined ? undefined : moduleMessageOf(replied);
}

/** What was wrong, and how it is typed. */
function wrong({ found, choices }: CommandToRun, problem: string): RichAnswer {
  const texts = textsFor(choices.language).commandLine;
  const usage = usageOf(found.command, choices.prefix, choices.language);
  // A problem names what was typed, which nobody is to read.
  const isSecret = found.command.secret !== undefined;
  return withSecret(found, richText(`⚠️ ${isSecret ? texts.secretWrong : problem} ${texts.thisWay} `, ['code', usage]));
}

/** What could not be done as it was typed does not stay in the chat where it may be a secret. */
function withSecret({ command }: FoundCommand, answer: RichAnswer): RichAnswer {
  return command.secret === undefined ? answer : { ...answer, deleteCommand: true };
}

function failure(error: unknown, to: CommandToRun, signal: AbortSignal): RichAnswer | undefined {
  const text = failureText(error, to, signal);
  if (text === undefined) return undefined;
  // A command that refuses has read what was typed, and knows whether it was a secret.
  const isKnownToBeNone = error instanceof CommandRefusal && to.found.command.secret === 'perhaps';
  return isKnownToBeNone ? { text } : withSecret(to.found, { text });
}

function failureText(error: unknown, to: CommandToRun, signal: AbortSignal): string | undefined {
  const { found, choices, onFailure, log } = to;
  const { command, module } = found;
  const texts = textsFor(choices.language).commandLine;
  const typed = choices.prefix + command.name;
  if (signal.aborted) return aborted(signal.reason, typed, texts);
  if (error instanceof ModuleStoppedError) return texts.cancelled(typed);
  if (error instanceof CommandRefusal) return `⚠️ ${error.forPerson}`;
  if (error instanceof RetryableError) {
    log.warn({ module: module.name, command: command.name }, `.${command.name} did not work for now: ${causeText(error)}`);
    return texts.notNow(typed);
  }
  onFailure(module.name, error);
  const about = { module: module.name, command: command.name };
  if (command.secret !== undefined) log.error(about, `.${command.name} failed: ${causeText(error)}`);
  else log.error({ ...about, err: error }, `.${command.name} failed: ${errorText(error)}`);
  return texts.failed(typed);
}

function aborted(reason: unknown, typed: string, texts: Texts['commandLine']): string | undefined {
  if (reason instanceof DeadlinePassed) return texts.tooLong(typed, readablePeriod(reason.afterMs, texts.units));
  if (reason instanceof CommandCancelled && reason.because !== 'edited') return texts.cancelled(typed);
  return undefined;
}
