import type { ModuleMessage } from '../../contract/module-message.js';
import type { ModuleDirectory } from '../../host/module-directory.js';

/** A command that runs, as far as one has to name it. */
export interface RunningCommand {
  command: string;
}

/** Which of the running commands are meant; what is given has to be so. */
export interface WhichCommands {
  accountId: string;
  /** Whose: `owner`, or a person's id. */
  caller?: string;
  chat?: string;
  messageId?: number;
}

/** What the module `commands` needs of the core. All of it is asked at the time of the call. */
export interface CommandsPorts {
  directory(): Pick<ModuleDirectory, 'list' | 'find' | 'findCommand'>;
  /** Alias → what it stands for. */
  aliases(): ReadonlyMap<string, string>;
  runs(): { cancel(which: WhichCommands): readonly RunningCommand[] };
  confirmations(): { answer(message: ModuleMessage, yes: boolean): boolean };
}
