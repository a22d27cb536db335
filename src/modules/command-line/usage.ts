import type { AnyCommand, ArgumentDefinition, FlagDefinition } from '../contract/command-definition.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ValueSchema } from '../contract/value-schema.js';
import { describeValue } from '../values/describe-value.js';

const MAX_OPTIONS = 4;

/** How a command is typed: `.track [person] [--for …]`. */
export function usageOf(command: Pick<AnyCommand, 'name' | 'args' | 'flags'>, prefix: string, language: ModuleLanguage): string {
  const args = Object.values(command.args ?? {}).map((arg) => argumentUsage(arg, language));
  const flags = Object.entries(command.flags ?? {}).map(([name, flag]) => `[${flagUsage(name, flag)}]`);
  return [prefix + command.name, ...args, ...flags].join(' ');
}

/** `--for …`, `-f`: as a flag is typed. */
export function flagUsage(name: string, flag: FlagDefinition): string {
  if (flag.kind === 'boolean') return `--${name}`;
  return `--${name} ${flag.kind === 'choice' && flag.options.length <= MAX_OPTIONS ? flag.options.join('|') : '…'}`;
}

/** How the usage names an argument; what may be left out is in brackets. */
function argumentUsage(arg: ArgumentDefinition, language: ModuleLanguage): string {
  const label = arg.label[language];
  const name = arg.rest === undefined || label.endsWith('…') ? label : `${label}…`;
  return arg.optional === true || arg.fromReply === true ? `[${name}]` : `<${name}>`;
}

/** What it takes, in words; empty where that says no more than its name does. */
export function takesOf(schema: ValueSchema, language: ModuleLanguage): string {
  const saysNothing =
    schema.kind === 'boolean' || schema.kind === 'word' || (schema.kind === 'string' && schema.minLength === undefined && schema.maxLength === undefined);
  return saysNothing ? '' : describeValue(schema, language);
}
