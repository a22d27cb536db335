import type { AnyCommand } from '../contract/command-definition.js';
import type { Module } from '../contract/define-module.js';

/** `failed`: it did not start; `stopped`: the core switched it off after too many errors. */
export type ModuleState = 'on' | 'off' | 'failed' | 'stopped';

export interface ListedModule {
  module: Module;
  /** `foreign`: somebody else's, out of process. */
  origin: 'builtin' | 'foreign';
  state: ModuleState;
  /** In words, where it failed or was stopped. */
  why?: string;
  /** Errors since it was started. */
  errors: number;
}

export interface FoundCommand {
  module: Module;
  command: AnyCommand;
}

/** The modules of one account, as help, settings and the command line see them. */
export interface ModuleDirectory {
  list(): readonly ListedModule[];
  find(name: string): ListedModule | undefined;
  /** Of a module that is on, by the command's name or one of its other names. */
  findCommand(name: string): FoundCommand | undefined;
  /** The context that the module runs with; undefined where it is not on. */
  contextOf(name: string): unknown;
  /**
   * Does something in the name of the module, with its context: a command, a change of its settings. The signal is aborted
   * with the given one and when the module stops; then this rejects at once, whatever the work still does. What the work throws
   * is passed on, and counts against the module unless it is a `CommandRefusal` or an abort; so does a thread held too long.
   * Rejects with `ModuleStoppedError` where the module is not on.
   */
  inModule<T>(name: string, work: (ctx: never, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Starts it, and keeps it on over restarts. Rejects with `CommandRefusal` where it does not start. */
  enable(name: string, signal: AbortSignal): Promise<void>;
  /** Stops it, and keeps it off. Rejects with `CommandRefusal` where the program needs it. */
  disable(name: string): Promise<void>;
  /**
   * Adds a module of somebody else's and starts it; one of that name of somebody else's that is there already is replaced.
   * Rejects with `CommandRefusal` where it is not as a module has to be, and where it does not start; it stays listed then.
   */
  add(module: Module, signal: AbortSignal): Promise<void>;
  /** Switches it off until it is started again, and tells the owner: `why` is one line, in their language. */
  halt(name: string, why: string): void;
  /** Stops and forgets it. */
  remove(name: string): Promise<void>;
}
