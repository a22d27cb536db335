import type { ModuleContext } from '../../contract/module-context.js';
import type { backupSettings } from './backup-settings.js';

export type BackupContext = ModuleContext<typeof backupSettings, 'send' | 'history' | 'download' | 'store'>;
