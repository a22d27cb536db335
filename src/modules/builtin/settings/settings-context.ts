import type { ModuleContext } from '../../contract/index.js';

/** What the commands of the module may use. */
export type SettingsContext = ModuleContext<Readonly<Record<string, never>>, 'send' | 'history' | 'download'>;
