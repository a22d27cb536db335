import {
  FileMigrateError,
  FloodTestPhoneWaitError,
  FloodWaitError,
  RPCError,
  SlowModeWaitError,
} from 'telegram/errors/index.js';
import {
  AccountStoppedError,
  AppError,
  ChatRefusedError,
  errorText,
  type FailureReason,
  PermanentError,
  RetryableError,
  TelegramWaitError,
} from '../errors.js';

// Telegram's error codes, from https://core.telegram.org/api/errors and the method pages that list them.

/** Nothing that the program does can help: the owner has to sign in again or talk to Telegram. */
const ACCOUNT_STOPPED: ReadonlySet<string> = new Set([
  'AUTH_KEY_UNREGISTERED',
  'AUTH_KEY_INVALID',
  'AUTH_KEY_DUPLICATED',
  'SESSION_REVOKED',
  'SESSION_EXPIRED',
  // The password was never given: a session that is not signed in.
  'SESSION_PASSWORD_NEEDED',
  'USER_DEACTIVATED',
  'USER_DEACTIVATED_BAN',
]);

/** The chat as a whole takes nothing from this account, whatever the message says. */
const CHAT_REFUSED: ReadonlySet<string> = new Set([
  'CHAT_WRITE_FORBIDDEN',
  'CHAT_SEND_PLAIN_FORBIDDEN',
  'CHAT_GUEST_SEND_FORBIDDEN',
  'CHAT_RESTRICTED',
  'CHAT_FORBIDDEN',
  'CHANNEL_PRIVATE',
  'PEER_FLOOD',
  'USER_IS_BLOCKED',
  'YOU_BLOCKED_USER',
  'USER_BANNED_IN_CHANNEL',
  'USER_RESTRICTED',
  'INPUT_USER_DEACTIVATED',
  'PRIVACY_PREMIUM_REQUIRED',
]);

const PERMANENT: ReadonlyMap<string, FailureReason> = new Map([
  ...(
    [
      'CHAT_ADMIN_REQUIRED',
      'CHAT_ID_INVALID',
      'CHANNEL_INVALID',
      'PEER_ID_INVALID',
      'USER_ID_INVALID',
      'TOPIC_CLOSED',
      'TOPIC_DELETED',
      'MESSAGE_AUTHOR_REQUIRED',
      'MESSAGE_EDIT_TIME_EXPIRED',
      'MESSAGE_DELETE_FORBIDDEN',
    ] as const
  ).map((code) => [code, 'cannot-write'] as const),
  ...(
    ['MESSAGE_ID_INVALID', 'MSG_ID_INVALID', 'REPLY_MESSAGE_ID_INVALID', 'REPLY_TO_INVALID', 'MESSAGE_IDS_EMPTY'] as const
  ).map((code) => [code, 'deleted'] as const),
  ...(['FILE_ID_INVALID', 'LOCATION_INVALID', 'LOCATION_NOT_AVAILABLE'] as const).map((code) => [code, 'download'] as const),
]);

/** Telegram's own code for a rejected request (`PEER_ID_INVALID`), or undefined where the error is not an answer. */
export function rpcErrorCode(error: unknown): string | undefined {
  return error instanceof RPCError ? error.errorMessage : undefined;
}

/** True where Telegram answered, even if with an error: the connection is alive. */
export function isAnswer(error: unknown): boolean {
  return error instanceof RPCError || (error instanceof Error && error.cause instanceof RPCError);
}

/** The wait that Telegram asks for; the two libraries name the code differently, both carry the seconds. */
function askedWait(error: RPCError): TelegramWaitError | undefined {
  const slowMode = error instanceof SlowModeWaitError;
  if (!slowMode && !(error instanceof FloodWaitError) && !(error instanceof FloodTestPhoneWaitError)) return undefined;
  const { seconds } = error;
  const message = slowMode ? `the chat's slow mode asks to wait ${seconds} s` : `Telegram asks to wait ${seconds} s`;
  return new TelegramWaitError(message, seconds * 1000, slowMode ? 'chat' : 'account', { cause: error });
}

function describeCode(error: RPCError): string {
  return `Telegram answered ${error.code ?? '?'} ${error.errorMessage}`;
}

function translateRpcError(error: RPCError): Error {
  const cause = { cause: error };
  const code = error.errorMessage;
  const wait = askedWait(error);
  if (wait !== undefined) return wait;
  if (ACCOUNT_STOPPED.has(code) || code.startsWith('FROZEN_')) {
    return new AccountStoppedError(code, describeCode(error), cause);
  }
  if (CHAT_REFUSED.has(code) || code.startsWith('ALLOW_PAYMENT_REQUIRED')) {
    return new ChatRefusedError(code, describeCode(error), cause);
  }
  const reason = PERMANENT.get(code);
  if (reason !== undefined) return new PermanentError(reason, describeCode(error), cause);
  if (error instanceof FileMigrateError || code.startsWith('FILE_REFERENCE_')) {
    return new RetryableError(describeCode(error), undefined, cause);
  }
  // 303 (another data centre), 420 (limits), 5xx and the negative codes of the server's own troubles pass by themselves.
  if (error.code === 403) return new PermanentError('cannot-write', describeCode(error), cause);
  if (error.code !== undefined && error.code >= 400 && error.code < 420) {
    return new PermanentError('internal', describeCode(error), cause);
  }
  return new RetryableError(describeCode(error), undefined, cause);
}

/**
 * The one place where errors of the client library become ours. Our own errors and abort reasons pass unchanged;
 * whatever else the library throws (closed sockets, strings) is `RetryableError`.
 */
export function translateError(error: unknown): Error {
  if (error instanceof AppError || (error instanceof Error && error.name === 'AbortError')) return error;
  if (error instanceof RPCError) return translateRpcError(error);
  return new RetryableError(`the connection to Telegram failed: ${errorText(error)}`, undefined, { cause: error });
}
