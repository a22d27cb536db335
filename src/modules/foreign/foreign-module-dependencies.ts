import type { Texts } from '../../i18n/texts.js';
import type { Logger } from '../../log/logger.js';
import type { ConfinementLimits } from '../boundary/confined-program.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ModuleContext } from '../contract/module-context.js';
import type { StartProgram } from './foreign-program.js';
import type { GrantedParts } from './host-calls.js';
import type { ShownChatStore } from './shown-chats.js';

export interface ForeignModuleDependencies {
  startProgram: StartProgram;
  /** For tests. */
  limits?: ConfinementLimits | undefined;
  restAfterMs?: number | undefined;
  shownChats: ShownChatStore;
  /** Switches the module off and tells the owner why. */
  halt: (why: (texts: Texts['foreignModules']) => string) => void;
  texts: (language: ModuleLanguage) => Texts['foreignModules'];
  nowMs: () => number;
  log: Logger;
}

/** The context of a module whose capabilities are known only when it is loaded. */
export type ForeignContext = ModuleContext & GrantedParts;
