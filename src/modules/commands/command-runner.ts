import { PermanentError } from '../../errors.js';
import { textsFor, type Texts } from '../../i18n/texts.js';
import type { IncomingMessage } from '../../telegram/incoming-message.js';
import type { AccessDecision, AccessRequest } from '../access/access-policy.js';
import { standsAsWritten } from '../access/stands-as-written.js';
import { nearestOf } from '../command-line/nearest.js';
import { readCommandLine, type CommandReading } from '../command-line/read-command-line.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { FoundCommand } from '../host/module-directory.js';
import { moduleMessageOf } from '../host/module-message-of.js';
import { AnswerPlace } from './answer-place.js';
import { CallRate } from './call-rate.js';
import type { CommandRunnerDependencies } from './command-runner-dependencies.js';
import { callerOf, chatOf, CommandRuns } from './command-runs.js';
import { Confirmations } from './confirmations.js';
import { runCommand } from './run-command.js';

/** Commands of one person that may run at once. */
const MAX_RUNNING = { owner: 20, others: 2 };

/**
 * Finds the command that a message of one account is, asks whether its writer may use it, runs it and writes the answer. A message
 * that is none is a person's own business and gets no answer; so does a stranger.
 */
export class CommandRunner {
  /** What runs now. */
  readonly runs = new CommandRuns();
  /** What was asked and is not answered. */
  readonly confirmations: Confirmations;
  readonly #deps: CommandRunnerDependencies;
  readonly #rate = new CallRate();

  constructor(deps: CommandRunnerDependencies) {
    this.#deps = deps;
    this.confirmations = new Confirmations(deps.clock);
  }

  /** Resolves when the answer stands, or none can be given: the chat takes nothing, or the daemon stops. */
  async handle(incoming: IncomingMessage, signal: AbortSignal): Promise<void> {
    try {
      await this.#handle(incoming, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof PermanentError)) throw error;
      this.#deps.log.info({ reason: error.reason }, 'the chat takes no answer to a command');
    }
  }

  /** Whether the owner typed a command that carries a secret, or may: nobody else is to see the message. */
  mayCarrySecret(incoming: IncomingMessage): boolean {
    const reading = incoming.outgoing ? this.#read(incoming) : undefined;
    return reading?.kind === 'command' && this.#deps.directory.findCommand(reading.name)?.command.secret !== undefined;
  }

  async #handle(incoming: IncomingMessage, signal: AbortSignal): Promise<void> {
    this.#endReplaced(incoming);
    const reading = this.#read(incoming);
    if (reading === undefined) return;
    const isTyped = standsAsWritten(incoming);
    if (reading.kind === 'command') return this.#command(incoming, reading, isTyped, signal);
    // What begins like a command is answered to the owner alone.
    if (!incoming.outgoing || !isTyped) return;
    const text = reading.kind === 'escaped' ? reading.text : this.#suggestion(reading.name);
    if (text !== undefined) await this.#place(incoming).answer({ text }, signal);
  }

  /** Whatever it says now: what it said before is not to be written over it. */
  #endReplaced(incoming: IncomingMessage): void {
    const caller = callerOf(incoming);
    if (!incoming.edited || caller === undefined) return;
    this.runs.cancel({ accountId: incoming.accountId, chat: chatOf(incoming), messageId: incoming.messageId, caller }, 'edited');
  }

  #read(incoming: IncomingMessage): CommandReading | undefined {
    const { choices, directory, gatewayFor } = this.#deps;
    return readCommandLine(incoming.text, {
      choices,
      knows: (name) => directory.findCommand(name) !== undefined,
      isAddressee: (to) => (to === 'me' ? incoming.outgoing : to === gatewayFor('command').self.username?.toLowerCase()),
    });
  }

  async #command(
    incoming: IncomingMessage,
    { name, rest }: Extract<CommandReading, { kind: 'command' }>,
    isTyped: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { directory, access } = this.#deps;
    const found = directory.findCommand(name);
    if (found === undefined) return;
    const message = moduleMessageOf(incoming);
    const { module, command } = found;
    const steersOwn = command.steers === true && this.#hasRunning(message);
    const decision = await this.#decide({ message, module: module.name, command, steersOwn }, isTyped);
    if (!decision.allow || decision.as !== 'owner') await access.audit({ message, module: module.name, command }, decision);
    if (!decision.allow) return this.#refuse(incoming, found, decision, signal);
    await this.#run(incoming, found, rest, signal);
  }

  async #decide(request: AccessRequest, isTyped: boolean): Promise<AccessDecision> {
    const decision = await this.#deps.access.decide(request);
    return decision.allow && !isTyped ? { allow: false, because: 'must-be-typed', silent: true } : decision;
  }

  #hasRunning(message: ModuleMessage): boolean {
    const caller = callerOf(message);
    return caller !== undefined && this.runs.list({ accountId: message.accountId, chat: chatOf(message), caller }).length > 0;
  }

  async #refuse(
    incoming: IncomingMessage,
    { command }: FoundCommand,
    decision: Extract<AccessDecision, { allow: false }>,
    signal: AbortSignal,
  ): Promise<void> {
    if (decision.silent || !this.#isInPace(incoming)) return;
    const typed = this.#deps.choices.prefix + command.name;
    const text = decision.because === 'must-be-typed' ? this.#texts.mustBeTyped(typed) : this.#texts.notPermitted(typed);
    await this.#turnAway(incoming, command, text, signal);
  }

  /** What was typed and is not done may hold a secret all the same. */
  #turnAway(incoming: IncomingMessage, { secret }: FoundCommand['command'], text: string, signal: AbortSignal): Promise<void> {
    return this.#place(incoming).answer({ text, ...(secret === undefined ? {} : { deleteCommand: true }) }, signal);
  }

  async #run(incoming: IncomingMessage, found: FoundCommand, rest: string, signal: AbortSignal): Promise<void> {
    const { outgoing, accountId } = incoming;
    const caller = callerOf(incoming);
    const place = this.#place(incoming);
    if (caller === undefined) return;
    if (found.command.steers !== true) {
      const running = this.runs.list({ accountId, caller }).filter((run) => run.messageId !== incoming.messageId).length;
      if (outgoing && running >= MAX_RUNNING.owner && found.command.evenIfBusy !== true) return this.#turnAway(incoming, found.command, this.#texts.busy(running), signal);
      if (!outgoing && (running >= MAX_RUNNING.others || !this.#isInPace(incoming))) return;
    }
    const { module, command } = found;
    this.#deps.log.info({ module: module.name, command: command.name, by: outgoing ? 'owner' : caller }, 'a command is run');
    await runCommand({ incoming, found, rest, caller, place, runs: this.runs, confirmations: this.confirmations, ...this.#deps }, signal);
  }

  /** Others are answered so often and no oftener, whether it is an answer or a refusal. */
  #isInPace(incoming: IncomingMessage): boolean {
    const caller = callerOf(incoming);
    return incoming.outgoing || (caller !== undefined && this.#rate.take(caller, this.#deps.clock.nowMs()));
  }

  /** A near miss is a slip of the finger; anything else that begins so is a person's own business. */
  #suggestion(name: string): string | undefined {
    const { directory, choices } = this.#deps;
    const commands = directory.list().filter(({ state }) => state === 'on').flatMap(({ module }) => module.commands);
    const names = [...commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]), ...choices.aliases.keys()];
    const nearest = nearestOf(name, names);
    return nearest === undefined ? undefined : `⚠️ ${this.#texts.unknownCommand(choices.prefix + name, choices.prefix + nearest)}`;
  }

  get #texts(): Texts['commandLine'] {
    return textsFor(this.#deps.choices.language).commandLine;
  }

  #place(message: IncomingMessage): AnswerPlace {
    const { gatewayFor, clock } = this.#deps;
    return new AnswerPlace({ message, gatewayFor, clock, asFile: this.#texts.asFile });
  }
}
