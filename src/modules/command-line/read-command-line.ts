import type { CommandLineChoices } from './command-line-choices.js';
import { onLatinKeys, onRussianKeys } from './keyboard-layout.js';

/** What a message text is to the command line; undefined where it is a person's own business. */
export type CommandReading =
  /** `name` is one that somebody has; `rest` is what was typed after it, untouched, an alias put in. */
  | { kind: 'command'; name: string; rest: string }
  /** It begins like a command, but nothing has this name. */
  | { kind: 'unknown'; name: string }
  /** The prefix stood twice: it is meant as text, and should stand there once. */
  | { kind: 'escaped'; text: string };

export interface CommandLineReader {
  choices: Pick<CommandLineChoices, 'prefix' | 'aliases'>;
  /** Whether a command has this name. */
  knows: (name: string) => boolean;
  /** Whether `.name@to` is meant for this account; `to` without the `@`, in lower case. */
  isAddressee: (to: string) => boolean;
}

const NAME = /^(\p{L}[\p{L}\p{N}_-]*)(?:@(\w{1,32}))?$/u;
const MAX_ALIASES_DEEP = 8;

/**
 * Reads a message text as a command: prefix and name in either case, and as they come out on the other keyboard (`юзштп` is
 * `.ping`; a Russian alias typed on Latin keys too). A prefix alone, before a space or in an ellipsis is no command;
 * what was typed on the other keyboard is one only where it is a name exactly. What follows the name is never translated.
 */
export function readCommandLine(text: string, reader: CommandLineReader): CommandReading | undefined {
  const { prefix } = reader.choices;
  const head = /^\S*/.exec(text)?.[0] ?? '';
  const rest = text.slice(head.length).trimStart();
  if (head.startsWith(prefix)) {
    if (isEscape(head, prefix)) return { kind: 'escaped', text: text.slice(prefix.length) };
    const typed = head.slice(prefix.length);
    return namedOf([typed, onLatinKeys(typed), onRussianKeys(typed)], rest, reader) ?? unknownOf(typed, reader);
  }
  const translations = [head, head.toLowerCase()].flatMap((typed) => [onLatinKeys(typed), onRussianKeys(typed)]);
  const names = translations.filter((typed) => typed.startsWith(prefix)).map((typed) => typed.slice(prefix.length));
  return namedOf(names, rest, reader);
}

/** `..text`, but no ellipsis. */
function isEscape(head: string, prefix: string): boolean {
  return head.startsWith(prefix + prefix) && /^\p{L}/u.test(head.slice(2 * prefix.length));
}

function namedOf(candidates: readonly string[], rest: string, reader: CommandLineReader): CommandReading | undefined {
  for (const candidate of candidates) {
    const name = nameOf(candidate, reader);
    const found = name === undefined ? undefined : expanded(name, rest, reader);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknownOf(typed: string, reader: CommandLineReader): CommandReading | undefined {
  const name = nameOf(typed, reader);
  return name === undefined ? undefined : { kind: 'unknown', name };
}

/** Undefined where it is no name, or meant for somebody else. */
function nameOf(typed: string, reader: CommandLineReader): string | undefined {
  const [, name, to] = NAME.exec(typed) ?? [];
  if (name === undefined || (to !== undefined && !reader.isAddressee(to.toLowerCase()))) return undefined;
  return name.toLowerCase();
}

/** A command by its name, or what an alias stands for; commands go before aliases, so none can be taken away. */
function expanded(name: string, rest: string, { choices, knows }: CommandLineReader): CommandReading | undefined {
  let [current, after] = [name, rest];
  for (let deep = 0; deep < MAX_ALIASES_DEEP; deep += 1) {
    if (knows(current)) return { kind: 'command', name: current, rest: after };
    const meaning = choices.aliases.get(current)?.trim();
    if (meaning === undefined || meaning === '') return undefined;
    const [, command = '', given = ''] = /^(\S*)\s*(.*)$/su.exec(meaning) ?? [];
    [current, after] = [command.toLowerCase(), [given, after].filter((part) => part !== '').join(' ')];
  }
  return undefined;
}
