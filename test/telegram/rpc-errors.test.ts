import { Api } from 'telegram';
import { RPCMessageToError } from 'telegram/errors/index.js';
import { describe, expect, it } from 'vitest';
import { AccountStoppedError, ChatRefusedError, PermanentError, RetryableError, TelegramWaitError } from '../../src/errors.js';
import { isAnswer, rpcErrorCode, translateError } from '../../src/telegram/rpc-errors.js';

/** The error that the library makes of an rpc_error on the wire. */
function answered(errorCode: number, errorMessage: string): Error {
  const wire = new Api.RpcError({ errorCode, errorMessage });
  return RPCMessageToError(wire, new Api.updates.GetState()) as Error;
}

describe('translateError', () => {
  it.each([
    [420, 'FLOOD_WAIT_90', 90_000, 'account'],
    [420, 'FLOOD_PREMIUM_WAIT_7', 7_000, 'account'],
    [420, 'SLOWMODE_WAIT_30', 30_000, 'chat'],
  ])('keeps the wait of %i %s and whom it is for', (code, message, waitMs, within) => {
    const error = translateError(answered(code, message));
    expect(error).toBeInstanceOf(TelegramWaitError);
    expect(error).toMatchObject({ retryAfterMs: waitMs, within });
  });

  it.each([
    [403, 'CHAT_WRITE_FORBIDDEN'],
    [403, 'CHAT_SEND_PLAIN_FORBIDDEN'],
    [400, 'CHAT_RESTRICTED'],
    [400, 'USER_BANNED_IN_CHANNEL'],
    [400, 'USER_IS_BLOCKED'],
    [406, 'CHANNEL_PRIVATE'],
    [400, 'PEER_FLOOD'],
    [403, 'ALLOW_PAYMENT_REQUIRED_5'],
  ])('tells by %i %s that the whole chat refuses us', (code, message) => {
    const error = translateError(answered(code, message));
    expect(error).toBeInstanceOf(ChatRefusedError);
    expect(error).toMatchObject({ code: message, reason: 'cannot-write' });
  });

  it.each([
    [400, 'PEER_ID_INVALID'],
    [403, 'MESSAGE_AUTHOR_REQUIRED'],
    [400, 'MESSAGE_EDIT_TIME_EXPIRED'],
    [400, 'TOPIC_CLOSED'],
  ])('does not blame the whole chat for %i %s', (code, message) => {
    expect(translateError(answered(code, message))).not.toBeInstanceOf(ChatRefusedError);
  });

  it.each([
    [401, 'AUTH_KEY_UNREGISTERED'],
    [401, 'SESSION_REVOKED'],
    [401, 'SESSION_EXPIRED'],
    [401, 'SESSION_PASSWORD_NEEDED'],
    [401, 'USER_DEACTIVATED'],
    [401, 'USER_DEACTIVATED_BAN'],
    [406, 'AUTH_KEY_DUPLICATED'],
    [420, 'FROZEN_METHOD_INVALID'],
    [400, 'FROZEN_PARTICIPANT_MISSING'],
  ])('stops the account at %i %s', (code, message) => {
    const error = translateError(answered(code, message));
    expect(error).toBeInstanceOf(AccountStoppedError);
    expect(error).toMatchObject({ code: message });
  });

  it.each([
    [403, 'CHAT_WRITE_FORBIDDEN', 'cannot-write'],
    [400, 'USER_IS_BLOCKED', 'cannot-write'],
    [400, 'CHANNEL_PRIVATE', 'cannot-write'],
    [406, 'CHANNEL_PRIVATE', 'cannot-write'],
    [400, 'PEER_ID_INVALID', 'cannot-write'],
    [403, 'SOME_NEW_PROHIBITION', 'cannot-write'],
    [403, 'ALLOW_PAYMENT_REQUIRED_5', 'cannot-write'],
    [400, 'MESSAGE_ID_INVALID', 'deleted'],
    [400, 'REPLY_MESSAGE_ID_INVALID', 'deleted'],
    [400, 'LOCATION_INVALID', 'download'],
    [400, 'SOMETHING_NEW', 'internal'],
  ])('ends the job at %i %s as %s', (code, message, reason) => {
    const error = translateError(answered(code, message));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ reason });
  });

  it.each([
    [500, 'RPC_CALL_FAIL'],
    [-503, 'Timeout'],
    [303, 'FILE_MIGRATE_4'],
    [400, 'FILE_REFERENCE_EXPIRED'],
    [420, 'ANOTHER_LIMIT'],
  ])('tries again after %i %s', (code, message) => {
    expect(translateError(answered(code, message))).toBeInstanceOf(RetryableError);
  });

  it('leaves our own errors and abort reasons as they are', () => {
    const own = new PermanentError('deleted', 'gone');
    const abort = new DOMException('stop', 'AbortError');
    expect(translateError(own)).toBe(own);
    expect(translateError(abort)).toBe(abort);
  });

  it.each([[new Error('Cannot send requests while disconnected')], ['Maximum reconnection retries reached'], [undefined]])(
    'takes %s, which the library throws too, for a broken connection',
    (thrown) => {
      const error = translateError(thrown);
      expect(error).toBeInstanceOf(RetryableError);
      expect(isAnswer(error)).toBe(false);
    },
  );

  it('knows an answer by its code, also once it is translated', () => {
    const error = answered(400, 'USERNAME_INVALID');
    expect(rpcErrorCode(error)).toBe('USERNAME_INVALID');
    expect(isAnswer(translateError(error))).toBe(true);
  });
});
