import { closest, distance } from 'fastest-levenshtein';
import { AppError, errorText } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import type { TelegramGateway } from '../telegram/telegram-gateway.js';
import { CommandError } from './command-error.js';
import { parseCommandLine } from './command-line.js';
import type { Command } from './command.js';

export interface CommandRegistryDependencies {
  commands: readonly Command[];
  prefix: string;
  texts: Texts['commands'];
  gatewayFor(accountId: string): TelegramGateway;
  /** A command failed, and it was nobody's mistake in typing. */
  onIncident?: () => void;
  log: Logger;
}

/** Finds the command that a message is, runs it, and edits the message into the answer. */
export class CommandRegistry {
  readonly #deps: CommandRegistryDependencies;
  readonly #byName: ReadonlyMap<string, Command>;

  /** @throws AppError where two commands have one name. */
  constructor(deps: CommandRegistryDependencies) {
    this.#deps = deps;
    this.#byName = new Map(deps.commands.map((command) => [command.name, command]));
    if (this.#byName.size !== deps.commands.length) throw new AppError('two commands have the same name');
  }

  /** Does nothing where the message is no command of the owner's. */
  async handle(message: IncomingMessage, signal: AbortSignal): Promise<void> {
    if (!mayCommand(message)) return;
    const line = parseCommandLine(message.text, this.#deps.prefix);
    if (line === undefined) return;
    const command = this.#byName.get(line.name);
    if (command === undefined) return this.#suggest(message, line.name, signal);
    this.#deps.log.info({ account: message.accountId, command: command.name }, 'a command of the owner');
    const gateway = this.#deps.gatewayFor(message.accountId);
    const answer = await this.#answer(command, { message, args: line.args, gateway }, signal);
    await this.#edit(message, answer, signal);
  }

  async #answer(command: Command, call: Parameters<Command['run']>[0], signal: AbortSignal): Promise<string> {
    const { texts, log } = this.#deps;
    try {
      return await command.run(call, texts, signal);
    } catch (error) {
      if (error instanceof CommandError) return `⚠️ ${error.forOwner}`;
      this.#deps.onIncident?.();
      log.error({ err: error, command: command.name }, `.${command.name} failed: ${errorText(error)}`);
      return texts.failed;
    }
  }

  /** A near miss is a typing error; anything else that starts with a dot is a person's own business. */
  async #suggest(message: IncomingMessage, name: string, signal: AbortSignal): Promise<void> {
    const nearest = closest(name, [...this.#byName.keys()]);
    if (name.length < 3 || distance(name, nearest) > 2) return;
    const { texts, prefix } = this.#deps;
    await this.#edit(message, `⚠️ ${texts.unknownCommand(prefix + name, prefix + nearest)}`, signal);
  }

  async #edit(message: IncomingMessage, text: string, signal: AbortSignal): Promise<void> {
    const gateway = this.#deps.gatewayFor(message.accountId);
    await gateway.editText(message.chat, message.messageId, { text: text.slice(0, 4096), entities: [] }, signal);
  }
}

/** Only what the owner typed as a message of their own: nothing forwarded, sent through a bot, or edited later. */
function mayCommand(message: IncomingMessage): boolean {
  return message.outgoing && !message.edited && !message.forwarded && !message.viaBot && !message.hasMedia;
}
