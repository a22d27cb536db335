import type { Capability, CapabilityParts, Person } from './capabilities.js';
import type { ModuleLanguage } from './localized.js';
import type { SettingsDefinition, SettingsOf } from './setting-definition.js';

/** Lines for the daemon's log. No text of a message, nobody's name. */
export interface ModuleLog {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string, error?: unknown): void;
}

interface ContextBase<S extends SettingsDefinition> {
  readonly accountId: string;
  /** The account's owner. */
  readonly self: Person;
  /** What the account's owner reads. */
  readonly language: ModuleLanguage;
  /** How commands begin here. */
  readonly prefix: string;
  /** As they are at the moment they are read. */
  readonly settings: SettingsOf<S>;
  readonly log: ModuleLog;
  nowMs(): number;
  /** Waits; rejects where the signal is aborted or the module is stopped. A module has no other timer. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

type PartsOf<C extends Capability> = { [K in C]: CapabilityParts[K] } extends infer P ? Intersection<P[keyof P]> : never;
type Intersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void ? I : never;

/** What a module works with, one for each account: what it declared to use, and nothing else. */
export type ModuleContext<S extends SettingsDefinition = SettingsDefinition, C extends Capability = never> = ContextBase<S> &
  ([C] extends [never] ? unknown : PartsOf<C>);
