/** What a module is written against: `import { defineModule } from 'gramscribe/module'`. */
export { defineModule, type DefineCommand, type Module, type ModuleAbout, type StoreMigration } from './define-module.js';
export { CommandRefusal } from './command-refusal.js';
export type { Answer, AnswerFile, RichAnswer } from './answer.js';
export { capabilities } from './capabilities.js';
export type * from './capabilities.js';
export type * from './command-definition.js';
export type * from './localized.js';
export type * from './module-context.js';
export type * from './module-message.js';
export type * from './setting-definition.js';
export type * from './task-definition.js';
export type * from './value-schema.js';
export type * from './watcher-definition.js';
