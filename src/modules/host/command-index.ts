import type { Module } from '../contract/define-module.js';
import type { FoundCommand } from './module-directory.js';

/** The commands of the modules that are on, by their names and other names. */
export class CommandIndex {
  readonly #byName = new Map<string, FoundCommand>();

  add(module: Module): void {
    for (const command of module.commands) {
      for (const name of [command.name, ...(command.aliases ?? [])]) this.#byName.set(name, { module, command });
    }
  }

  remove(module: Module): void {
    for (const [name, found] of this.#byName) if (found.module === module) this.#byName.delete(name);
  }

  /** `name` in lower case. */
  find(name: string): FoundCommand | undefined {
    return this.#byName.get(name);
  }
}
