import type { Texts } from '../i18n/texts.js';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import type { TelegramGateway } from '../telegram/telegram-gateway.js';

/** One call of a command by the owner. */
export interface CommandCall {
  message: IncomingMessage;
  args: readonly string[];
  /** The account that the message stands in. */
  gateway: TelegramGateway;
}

/** A command that the owner types in any chat; the answer takes the place of the command message. */
export interface Command {
  name: string;
  /** What follows the name, in the help: `[name]`. */
  usage: string;
  describe(texts: Texts['commands']): string;
  /** Resolves with the answer. Rejects with `CommandError` where the owner has to do something else. */
  run(call: CommandCall, texts: Texts['commands'], signal: AbortSignal): Promise<string>;
}
