import type { ModuleLanguage } from '../contract/localized.js';
import type { ModuleMessage } from '../contract/module-message.js';

/** How the account's owner wants commands to be typed and answered; read for each message, so kept in memory. */
export interface CommandLineChoices {
  readonly prefix: string;
  readonly language: ModuleLanguage;
  /** Alias → what it stands for, without the prefix: a command and perhaps its first arguments. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Whether the chat or person was put aside by `.ignore`. */
  ignores(message: Pick<ModuleMessage, 'chat' | 'sender' | 'outgoing'>): boolean;
}
