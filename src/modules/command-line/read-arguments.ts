import { textsFor, type Texts } from '../../i18n/texts.js';
import type { AnyCommand, ArgumentDefinition, FlagDefinition } from '../contract/command-definition.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { ModuleMessage } from '../contract/module-message.js';
import { describeValue } from '../values/describe-value.js';
import { oneLine } from '../one-line.js';
import { readValue } from '../values/read-value.js';
import { flagAt, isEndOfFlags, type TypedFlag } from './flags.js';
import { nearestOf } from './nearest.js';
import { nextWord, type Word } from './words.js';

export interface TypedArguments {
  command: Pick<AnyCommand, 'args' | 'flags'>;
  /** What was typed after the name. */
  line: string;
  language: ModuleLanguage;
  /** The command answers a message. */
  isReply: boolean;
  /** That message; undefined where it is gone, or there is none. */
  repliedTo: () => Promise<Pick<ModuleMessage, 'text' | 'sender'> | undefined>;
}

export type ArgumentsReading =
  | { kind: 'call'; args: Readonly<Record<string, unknown>>; flags: Readonly<Record<string, unknown>> }
  /** `-h` or `--help` stands where a flag may stand. */
  | { kind: 'help' }
  /** One line: what is wrong, and the nearest right thing. */
  | { kind: 'wrong'; problem: string };

/**
 * Reads what was typed after a command's name by its definition. Flags may stand anywhere before a `rest` argument, which takes all
 * that follows as it stands; `--` ends them, and a word in quotes is none. An argument that may be left out is, where
 * the word in its place does not fit and a later one may take it.
 */
export async function readArguments(typed: TypedArguments): Promise<ArgumentsReading> {
  const reader = new ArgumentsReader(typed);
  try {
    return { kind: 'call', args: await reader.args(), flags: reader.flags };
  } catch (error) {
    if (error instanceof WrongArguments) return { kind: 'wrong', problem: error.problem };
    if (error instanceof HelpWanted) return { kind: 'help' };
    throw error;
  }
}

/** Of what was typed and is not taken. */
const MAX_QUOTED_LENGTH = 60;

class WrongArguments extends Error {
  constructor(readonly problem: string) {
    super('wrong arguments');
  }
}

class HelpWanted extends Error {}

class ArgumentsReader {
  readonly flags: Record<string, unknown>;
  readonly #typed: TypedArguments;
  readonly #texts: Texts['commandLine'];
  readonly #known: Readonly<Record<string, FlagDefinition>>;
  #at = 0;
  #flagsEnded = false;
  /** Why the word that is next was not taken by an argument before. */
  #misfit: string | undefined;

  constructor(typed: TypedArguments) {
    this.#typed = typed;
    this.#texts = textsFor(typed.language).commandLine;
    this.#known = typed.command.flags ?? {};
    this.flags = Object.fromEntries(Object.entries(this.#known).map(([name, { kind }]) => [name, kind === 'boolean' ? false : undefined]));
  }

  async args(): Promise<Record<string, unknown>> {
    const definitions = Object.entries(this.#typed.command.args ?? {});
    const args: Record<string, unknown> = {};
    for (const [index, [name, definition]] of definitions.entries()) {
      args[name] = await this.#argument(definition, index === definitions.length - 1);
    }
    this.#flags();
    const left = this.#word();
    if (left !== undefined) throw new WrongArguments(this.#misfit ?? this.#texts.tooMuch(oneLine(left.value, MAX_QUOTED_LENGTH)));
    return args;
  }

  async #argument(definition: ArgumentDefinition, isLast: boolean): Promise<unknown> {
    const { language } = this.#typed;
    this.#flags();
    const given = definition.rest === true ? this.#rest() : this.#word();
    if (given === undefined) return this.#left(definition);
    const reading = readValue(definition, given.value, language);
    if (reading.ok) {
      this.#at = given.end;
      this.#misfit = undefined;
      return reading.value;
    }
    this.#misfit = `${definition.label[language]}: ${reading.problem}`;
    const mayBeLeftOut = definition.optional === true || (definition.fromReply === true && (await this.#typed.repliedTo()) !== undefined);
    if (isLast || !mayBeLeftOut) throw new WrongArguments(this.#misfit);
    return this.#left(definition);
  }

  /** An argument that was not typed. */
  async #left(definition: ArgumentDefinition): Promise<unknown> {
    const { language } = this.#typed;
    const label = definition.label[language];
    const reply = definition.fromReply === true ? await this.#typed.repliedTo() : undefined;
    if (reply === undefined) {
      // Who is meant stood in it: nobody else is taken in its place.
      if (definition.fromReply === true && this.#typed.isReply) throw new WrongArguments(this.#texts.replyGone);
      if (definition.optional === true) return undefined;
      throw new WrongArguments(definition.fromReply === true ? this.#texts.missingOrReply(label) : this.#texts.missing(label));
    }
    const text = definition.kind === 'peer' ? reply.sender?.id : reply.text;
    if (text === undefined || text === '') {
      if (definition.optional === true) return undefined;
      throw new WrongArguments(this.#texts.notInReply(label));
    }
    const reading = readValue(definition, text, language);
    if (!reading.ok) throw new WrongArguments(`${label}: ${reading.problem}`);
    return reading.value;
  }

  #rest(): Pick<Word, 'value' | 'end'> | undefined {
    const { line } = this.#typed;
    const value = line.slice(this.#at).trim();
    return value === '' ? undefined : { value, end: line.length };
  }

  #word(): Word | undefined {
    const { line } = this.#typed;
    const next = nextWord(line, this.#at);
    if (next.kind === 'unclosed') throw new WrongArguments(this.#texts.unclosed(oneLine(line.slice(next.at, next.at + MAX_QUOTED_LENGTH), 20)));
    return next.kind === 'word' ? next.word : undefined;
  }

  /** Takes all flags that stand here. */
  #flags(): void {
    const { line } = this.#typed;
    while (!this.#flagsEnded) {
      if (isEndOfFlags(line, this.#at)) {
        this.#flagsEnded = true;
        this.#at = line.indexOf('--', this.#at) + 2;
        return;
      }
      const typed = flagAt(line, this.#at);
      if (typed === undefined || !this.#flag(typed)) return;
    }
  }

  /** False where it is a word after all. */
  #flag(typed: TypedFlag): boolean {
    const entry = Object.entries(this.#known).find(([name, { short }]) => (typed.isShort ? short === typed.name : name === typed.name));
    if (entry === undefined) return this.#notAFlag(typed);
    const [name, definition] = entry;
    if (definition.kind === 'boolean' && !typed.hasValue) {
      this.#at = typed.end;
      this.flags[name] = true;
      return true;
    }
    this.flags[name] = this.#flagValue(typed, definition);
    return true;
  }

  #flagValue(typed: TypedFlag, definition: FlagDefinition): unknown {
    const { language } = this.#typed;
    this.#at = typed.hasValue ? typed.start : typed.end;
    const word = this.#word();
    if (word === undefined) throw new WrongArguments(this.#texts.flagWithoutValue(typed.typed, describeValue(definition, language)));
    this.#at = word.end;
    const reading = readValue(definition, typed.hasValue ? word.value.slice(word.value.indexOf('=') + 1) : word.value, language);
    if (!reading.ok) throw new WrongArguments(`${typed.typed}: ${reading.problem}`);
    return reading.value;
  }

  #notAFlag(typed: TypedFlag): boolean {
    if (typed.name === (typed.isShort ? 'h' : 'help') && !typed.hasValue) throw new HelpWanted();
    const names = Object.keys(this.#known);
    if (typed.isShort || names.length === 0) return false;
    const nearest = nearestOf(typed.name, names);
    throw new WrongArguments(this.#texts.unknownFlag(oneLine(typed.typed, MAX_QUOTED_LENGTH), nearest === undefined ? undefined : `--${nearest}`));
  }
}
