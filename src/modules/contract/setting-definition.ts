import type { Localized } from './localized.js';
import type { ValueOf, ValueSchema } from './value-schema.js';

/** One setting of a module: what it takes, what it is where nobody chose, and what a person reads about it. */
export type SettingDefinition<V extends ValueSchema = ValueSchema> = V & {
  readonly default: ValueOf<V>;
  /** One line. */
  readonly about: Localized<string>;
  /** A change counts only after the daemon was started anew; else the module is told of it. */
  readonly restart?: true;
};

/** A module's settings by key: lower case words with hyphens, as they are typed. */
export type SettingsDefinition = Readonly<Record<string, SettingDefinition>>;

export type SettingsOf<S extends SettingsDefinition> = { readonly [K in keyof S]: ValueOf<S[K]> };
