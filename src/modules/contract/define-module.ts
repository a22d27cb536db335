import type { Capability, ModuleStore } from './capabilities.js';
import type { AnyCommand, ArgumentsDefinition, CommandDefinition, FlagsDefinition } from './command-definition.js';
import type { Localized } from './localized.js';
import type { ModuleContext } from './module-context.js';
import type { SettingsDefinition, SettingsOf } from './setting-definition.js';
import type { AnyTask, TaskDefinition } from './task-definition.js';
import type { ValueOf } from './value-schema.js';
import type { AnyWatcher, WatcherDefinition } from './watcher-definition.js';

export interface ModuleAbout {
  /** One or two words. */
  title: string;
  /** One line: what it is for. */
  summary: string;
}

/** Types a command's arguments, so that `call.args` and `call.flags` are what `args` and `flags` say. */
export type DefineCommand<Ctx> = <const A extends ArgumentsDefinition = {}, const F extends FlagsDefinition = {}>( // eslint-disable-line @typescript-eslint/no-empty-object-type
  definition: CommandDefinition<Ctx, A, F>,
) => AnyCommand;

/** What one step of the store's versions does; step n makes version n + 1 of version n. */
export type StoreMigration = (store: ModuleStore) => Promise<void>;

/** A default is a value of its own setting's kind. */
type DefaultsThatFit<S extends SettingsDefinition> = { readonly [K in keyof S]: { readonly default: ValueOf<S[K]> } };

interface Definition<S extends SettingsDefinition, C extends Capability> {
  /** Lower case Latin letters, digits and hyphens. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  readonly about: Localized<ModuleAbout>;
  /** Beside its commands and settings, what it may use; only that is in its `ctx`. */
  readonly uses?: readonly C[];
  readonly settings?: S & DefaultsThatFit<S>;
  readonly commands?: (command: DefineCommand<ModuleContext<S, C>>) => readonly AnyCommand[];
  readonly watchers?: (watcher: (definition: WatcherDefinition<ModuleContext<S, C>>) => AnyWatcher) => readonly AnyWatcher[];
  readonly tasks?: (task: (definition: TaskDefinition<ModuleContext<S, C>>) => AnyTask) => readonly AnyTask[];
  readonly migrations?: readonly StoreMigration[];
  /** The module begins to work; a rejection keeps it off and is told to the owner. What it starts ends with the signal. */
  readonly start?: (ctx: ModuleContext<S, C>, signal: AbortSignal) => Promise<void>;
  /** Settings have changed; a `CommandRefusal` undoes the change. */
  readonly settingsChanged?: (settings: SettingsOf<S>, ctx: ModuleContext<S, C>) => Promise<void>;
  /** After it nothing of the module runs. */
  readonly stop?: () => Promise<void>;
}

/** A module as the core sees it: one value, its parts as plain lists. */
export interface Module {
  readonly name: string;
  readonly version: string;
  readonly about: Localized<ModuleAbout>;
  readonly uses: readonly Capability[];
  readonly settings: SettingsDefinition;
  readonly commands: readonly AnyCommand[];
  readonly watchers: readonly AnyWatcher[];
  readonly tasks: readonly AnyTask[];
  readonly migrations: readonly StoreMigration[];
  readonly start?: (ctx: never, signal: AbortSignal) => Promise<void>;
  readonly settingsChanged?: (settings: never, ctx: never) => Promise<void>;
  readonly stop?: () => Promise<void>;
}

/**
 * Makes a module. A module that keeps something in memory is made by a function, once for each account. Whether its names,
 * texts and defaults are as they should be is checked when it is loaded (`check-module.ts`).
 */
export function defineModule<const S extends SettingsDefinition = {}, const C extends Capability = never>( // eslint-disable-line @typescript-eslint/no-empty-object-type
  definition: Definition<S, C>,
): Module {
  const { uses = [], settings, commands, watchers, tasks, migrations = [], ...rest } = definition;
  return {
    ...rest,
    uses,
    settings: settings ?? {},
    commands: commands?.((command) => command) ?? [],
    watchers: watchers?.((watcher) => watcher) ?? [],
    tasks: tasks?.((task) => task) ?? [],
    migrations,
  };
}
