import type { AccessRules } from '../../access/access-rules.js';
import type { AuditLog } from '../../access/audit-log.js';
import type { ModuleContext } from '../../contract/module-context.js';
import type { SettingsDefinition } from '../../contract/setting-definition.js';
import type { ForeignModules } from '../../foreign/foreign-modules.js';
import type { ModuleDirectory } from '../../host/module-directory.js';

/** What the module works on; all of it is of one account. */
export interface SecurityPorts {
  rules: AccessRules;
  audit: AuditLog;
  /** What there is that can be given to somebody. */
  directory: () => Pick<ModuleDirectory, 'list'>;
  /** Modules of somebody else, and what they were granted. */
  foreign: Pick<ForeignModules, 'names' | 'info' | 'revoke'>;
}

export type SecurityContext = ModuleContext<SettingsDefinition, 'send' | 'history'>;
