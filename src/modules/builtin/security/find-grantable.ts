import type { AccessRule } from '../../access/access-rule.js';
import { nearestOf } from '../../command-line/nearest.js';
import type { AnyCommand } from '../../contract/command-definition.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { Module } from '../../contract/define-module.js';
import { oneLine } from '../../one-line.js';
import { MAX_TYPED_LENGTH } from './find-subject.js';
import type { SecurityPorts } from './security-ports.js';
import type { SecurityTexts } from './texts.js';

/** What can be given: commands of one module. */
export interface Grantable extends Pick<AccessRule, 'module' | 'wholeModule'> {
  commands: readonly AnyCommand[];
}

/** What tells a module from a command of the same name. */
export const MODULE = /^(module|модуль)$/i;

export interface GrantableQuestion {
  typed: string;
  /** Only a module is meant. */
  isModule: boolean;
  prefix: string;
  directory: ReturnType<SecurityPorts['directory']>;
  texts: SecurityTexts;
}

/**
 * The command of this name, or the module with all of its commands that can be given to others.
 * @throws CommandRefusal where there is none, or it is for the owner alone
 */
export function findGrantable({ typed, isModule, prefix, directory, texts }: GrantableQuestion): Grantable {
  const name = (typed.startsWith(prefix) ? typed.slice(prefix.length) : typed).toLowerCase();
  if (name === '') throw new CommandRefusal(texts.sayWhat(prefix));
  const modules = directory.list().map(({ module }) => module);
  const found = isModule ? undefined : commandOf(name, modules);
  if (found !== undefined) {
    if (!isGrantable(found.command)) throw new CommandRefusal(texts.ownerOnly(prefix + found.command.name));
    return { module: found.module.name, wholeModule: false, commands: [found.command] };
  }
  const module = modules.find((one) => one.name === name);
  if (module === undefined) throw new CommandRefusal(texts.unknownWhat(oneLine(typed, MAX_TYPED_LENGTH), nearest(name, modules, prefix)));
  const commands = module.commands.filter(isGrantable);
  if (commands.length === 0) throw new CommandRefusal(texts.ownerOnlyModule(name));
  return { module: name, wholeModule: true, commands };
}

/** The rule's commands that there are and that can still be given. */
export function usableOf(rule: Pick<AccessRule, 'module' | 'commands'>, directory: ReturnType<SecurityPorts['directory']>): AnyCommand[] {
  const module = directory.list().find(({ module: { name } }) => name === rule.module)?.module;
  return module?.commands.filter((command) => isGrantable(command) && rule.commands.includes(command.name)) ?? [];
}

function isGrantable({ access }: AnyCommand): boolean {
  return (access ?? 'grantable') === 'grantable';
}

/** The command's own name, where an alias of it was typed; else what was typed, without the prefix. */
export function ownNameOf(typed: string, prefix: string, directory: ReturnType<SecurityPorts['directory']>): string {
  const name = (typed.startsWith(prefix) ? typed.slice(prefix.length) : typed).toLowerCase();
  return commandOf(name, directory.list().map(({ module }) => module))?.command.name ?? name;
}

function commandOf(name: string, modules: readonly Module[]): { module: Module; command: AnyCommand } | undefined {
  for (const module of modules) {
    const command = module.commands.find((one) => one.name === name || one.aliases?.includes(name) === true);
    if (command !== undefined) return { module, command };
  }
  return undefined;
}

function nearest(name: string, modules: readonly Module[], prefix: string): string | undefined {
  const found = nearestOf(name, modules.flatMap((module) => [module.name, ...module.commands.filter(isGrantable).map((command) => command.name)]));
  return found === undefined || commandOf(found, modules) === undefined ? found : prefix + found;
}
