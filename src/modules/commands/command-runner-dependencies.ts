import type { Logger } from '../../log/logger.js';
import type { Clock } from '../../supervisor/clock.js';
import type { TelegramGateway } from '../../telegram/telegram-gateway.js';
import type { AccessPolicy } from '../access/access-policy.js';
import type { CommandLineChoices } from '../command-line/command-line-choices.js';
import type { ModuleDirectory } from '../host/module-directory.js';

export interface CommandRunnerDependencies {
  /** The modules of the account. */
  directory: Pick<ModuleDirectory, 'list' | 'findCommand' | 'inModule'>;
  access: AccessPolicy;
  choices: CommandLineChoices;
  gatewayFor: (urgency: 'command' | 'progress') => TelegramGateway;
  /** How to answer a question, as it stands below each: `.yes` or `.no`. */
  howToAnswer: () => string;
  /** A command failed, and it was nobody's mistake in typing. */
  onFailure: (module: string, error: unknown) => void;
  clock: Clock;
  log: Logger;
}
