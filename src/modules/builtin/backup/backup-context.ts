import type { AccountState } from '../../../backup/account-state.js';
import type { ModuleContext } from '../../contract/module-context.js';
import type { backupSettings } from './backup-settings.js';

export type BackupContext = ModuleContext<typeof backupSettings, 'send' | 'history' | 'download' | 'store'>;

export interface BackupPorts {
  state: AccountState;
  /** Of the program. */
  version: string;
}
