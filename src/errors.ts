/**
 * The error classes of the program, named for what the caller does next. Decide with `instanceof`, never by text.
 * Messages are English and for the log; what a person sees in a chat comes from `i18n` by `reason`.
 */
export class AppError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The owner has to change the configuration; `issues` names every problem at once. Exit status 78. */
export class ConfigError extends AppError {
  constructor(readonly issues: readonly string[]) {
    super(issues.join('\n'));
  }
}

/** Something the machine needs is missing; `remedy` is what to type or do about it. Exit status 78. */
export class SetupError extends AppError {
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Try the same thing again later; `retryAfterMs` is set where the other side said when (FLOOD_WAIT). */
export class RetryableError extends AppError {
  constructor(
    message: string,
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The engine does not take the model that it was told to use; the one before stays. The message says more. */
export class ModelRefusedError extends AppError {
  constructor(
    /** Its text on a known clip was wrong; it took too long; its process died; the memory would not do. */
    readonly reason: 'text' | 'slow' | 'died' | 'memory',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Telegram names the time before which it takes no request of this kind again: in this chat only (slow mode), or from the
 * whole account (FLOOD_WAIT).
 */
export class TelegramWaitError extends RetryableError {
  constructor(
    message: string,
    override readonly retryAfterMs: number,
    readonly within: 'chat' | 'account',
    options?: ErrorOptions,
  ) {
    super(message, retryAfterMs, options);
  }
}

/** We did not even ask: a wait that Telegram asked for is not over, or it was not worth a wait (progress, "typing"). */
export class NotNowError extends RetryableError {}

/** The connection is gone, before the attempt or during it. Wait until there is one, then try: this is no failed attempt. */
export class OfflineError extends RetryableError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, undefined, options);
  }
}

/** Nobody could be dialled: there is no network, or no way through it to Telegram. */
export class UnreachableError extends OfflineError {}

/** The disk is full, or would be. There may be room again later. */
export class NoSpaceError extends RetryableError {}

/** Whether a system call failed for want of room on the disk. */
export function isNoSpace(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Why a voice cannot be answered with text, as the person is told it: keys of `i18n` `failures`. */
export type FailureReason =
  | 'broken-audio'
  | 'no-audio'
  | 'too-large'
  | 'too-long'
  | 'deleted'
  | 'cannot-write'
  | 'engine'
  | 'download'
  | 'no-space'
  | 'internal';

/** Trying again cannot help; the job ends as a failure that the person can read. */
export class PermanentError extends AppError {
  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** This chat takes nothing from this account; asking again for the next voice would only annoy. `code` is Telegram's. */
export class ChatRefusedError extends PermanentError {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super('cannot-write', message, options);
  }
}

/** The account cannot go on until its owner acts (session revoked, duplicated, account deactivated, frozen …). */
export class AccountStoppedError extends AppError {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Another process works with the account. Two at once would end the session for both. */
export class AccountInUseError extends AccountStoppedError {
  constructor(readonly holder: { pid: number; host: string; version: string; sinceMs: number }) {
    super('ACCOUNT_IN_USE', `process ${holder.pid} on ${holder.host} works with this account`);
  }
}

/** Connecting fails and goes on failing though Telegram can be reached: a new process may do better. Exit status 75. */
export class RestartNeededError extends AppError {
  constructor(readonly failingMs: number) {
    super(`connecting fails for ${Math.round(failingMs / 60_000)} min though Telegram can be reached`);
  }
}

/** The module is not on, or was stopped meanwhile: nothing is done in its name. */
export class ModuleStoppedError extends AppError {
  constructor(readonly module: string) {
    super(`the module ${module} is not on`);
  }
}

/** The reason of the abort signal of the whole process: its owner asked it to stop. */
export class StopRequested extends AppError {
  constructor(readonly signalName: NodeJS.Signals) {
    super(`received ${signalName}`);
  }
}

/** The owner asked for it in a chat: an end in order, or one after which something starts the program anew. */
export class LeaveRequested extends AppError {
  constructor(readonly how: 'restart' | 'stop') {
    super(`the owner asked for a ${how}`);
  }
}

/** The message of any thrown value with those of its causes, for a log line: `outer: cause: cause`. */
export function errorText(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error, depth = 0; current !== undefined && depth < 5; depth += 1) {
    parts.push(current instanceof Error ? current.message : typeof current === 'string' ? current : typeof current);
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(': ');
}

const MAX_CAUSE_LENGTH = 500;

/**
 * What is kept of an error as the cause of a failure: as `errorText`, but of errors that are not ours only the code, or the
 * class where they have none. Libraries quote what they were given, and that may be what people said.
 */
export function causeText(error: unknown): string {
  const parts: string[] = [];
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const code: unknown = 'code' in current ? current.code : undefined;
    parts.push(current instanceof AppError ? current.message : typeof code === 'string' ? code : current.name);
    current = current.cause;
  }
  return parts.join(': ').slice(0, MAX_CAUSE_LENGTH);
}
