import type { Answer } from './answer.js';
import type { Localized, ModuleLanguage } from './localized.js';
import type { ModuleMessage } from './module-message.js';
import type { ValueOf, ValueSchema } from './value-schema.js';

/** What the help says of a command. All of it is required: a command without it does not compile, and does not load. */
export interface CommandAbout {
  /** One line, in lower case, without a full stop: `round trip to Telegram`. */
  summary: string;
  details?: string;
  /** At least one: what to type after the prefix, and what that does. */
  examples: readonly { type: string; does: string }[];
}

/** One argument, by position. */
export type ArgumentDefinition<V extends ValueSchema = ValueSchema> = V & {
  /** How the usage names it: `person`, `человек`. */
  readonly label: Localized<string>;
  readonly optional?: true;
  /** The rest of the line as it was typed, quotes and line ends included; only the last one can be it. */
  readonly rest?: true;
  /** Where it is not given it is taken from the message that the command answers: its text, or its sender for a `peer`. */
  readonly fromReply?: true;
};

/** `--name`, `--name value` where its kind is no boolean, and `-n` by its short letter. */
export type FlagDefinition<V extends ValueSchema = ValueSchema> = V & {
  readonly short?: string;
  readonly about: Localized<string>;
};

export type ArgumentsDefinition = Readonly<Record<string, ArgumentDefinition>>;
export type FlagsDefinition = Readonly<Record<string, FlagDefinition>>;

export type ArgumentsOf<A extends ArgumentsDefinition> = {
  readonly [K in keyof A]: A[K] extends { optional: true } ? ValueOf<A[K]> | undefined : ValueOf<A[K]>;
};

/** A boolean flag that is not given is false; any other is undefined. */
export type FlagsOf<F extends FlagsDefinition> = {
  readonly [K in keyof F]: F[K] extends { kind: 'boolean' } ? boolean : ValueOf<F[K]> | undefined;
};

/** One call of a command. */
export interface CommandCall<A extends ArgumentsDefinition, F extends FlagsDefinition> {
  readonly message: ModuleMessage;
  readonly args: ArgumentsOf<A>;
  readonly flags: FlagsOf<F>;
  /** False where somebody calls whom the owner permitted to. */
  readonly byOwner: boolean;
  readonly language: ModuleLanguage;
  /** The message that the command answers; undefined where it answers none, or that is deleted. Asked for once. */
  readonly repliedTo: (signal: AbortSignal) => Promise<ModuleMessage | undefined>;
  /** Shows how far the work is, where Telegram's limits allow; only the newest text is sent. */
  readonly progress: (text: string) => void;
  /** Asks who called to type `.yes` or `.no` in this chat; false also after two minutes without either. */
  readonly confirm: (question: string, signal: AbortSignal) => Promise<boolean>;
}

export interface CommandDefinition<Ctx = never, A extends ArgumentsDefinition = ArgumentsDefinition, F extends FlagsDefinition = FlagsDefinition> {
  /** Lower case, Latin, as typed after the prefix. */
  readonly name: string;
  /** Other names for it, in any script. */
  readonly aliases?: readonly string[];
  readonly about: Localized<CommandAbout>;
  readonly args?: A;
  readonly flags?: F;
  /**
   * Who may be given it: `grantable` (default) people whom the owner permitted; `owner` nobody but the owner; `typed` nobody
   * but the owner, and only as a message that was just typed, never as an edit.
   */
  readonly access?: 'grantable' | 'owner' | 'typed';
  /**
   * What is typed after it is a secret: the message is deleted, and never logged. `perhaps`: it may be one, so the message is deleted where
   * it could not be read or the program failed; else the command says so (`deleteCommand`), also where it refuses.
   */
  readonly secret?: true | 'perhaps';
  /**
   * It steers commands that run (cancels them, answers what they ask): it is not counted among them, and whoever has one running in
   * the chat may use it there.
   */
  readonly steers?: true;
  /** The owner gets it also while as many of their commands run as may run at once: it is what helps then. */
  readonly evenIfBusy?: true;
  /** The call is aborted after it; default 60 s. */
  readonly deadlineMs?: number;
  run(call: CommandCall<A, F>, ctx: Ctx, signal: AbortSignal): Promise<Answer>;
}

/** A command whose types are forgotten: the core calls it with what it read by `args` and `flags`. */
export type AnyCommand = CommandDefinition;
