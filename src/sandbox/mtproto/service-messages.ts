import { constructors } from './constructors.js';
import type { ServerSalt } from './server-salts.js';
import { tlBytes, tlInt, tlLong, tlVectorOfLongs } from './tl-writer.js';

/** The server's service messages: https://core.telegram.org/mtproto/service_messages. */
export const serviceMessages = {
  pong: (msgId: bigint, pingId: bigint) => join(tlInt(constructors.pong), tlLong(msgId), tlLong(pingId)),

  ack: (msgIds: readonly bigint[]) => join(tlInt(constructors.msgsAck), tlVectorOfLongs(msgIds)),

  badMessage: (msgId: bigint, seqNo: number, code: number) =>
    join(tlInt(constructors.badMsgNotification), tlLong(msgId), tlInt(seqNo), tlInt(code)),

  badSalt: (msgId: bigint, seqNo: number, newSalt: bigint) =>
    join(tlInt(constructors.badServerSalt), tlLong(msgId), tlInt(seqNo), tlInt(48), tlLong(newSalt)),

  newSession: (firstMsgId: bigint, uniqueId: bigint, salt: bigint) =>
    join(tlInt(constructors.newSessionCreated), tlLong(firstMsgId), tlLong(uniqueId), tlLong(salt)),

  futureSalts: (msgId: bigint, nowS: number, salts: readonly ServerSalt[]) =>
    join(
      tlInt(constructors.futureSalts),
      tlLong(msgId),
      tlInt(nowS),
      // vector<future_salt> with small letters: neither the vector nor its elements carry a constructor.
      tlInt(salts.length),
      ...salts.flatMap((salt) => [tlInt(salt.validSinceS), tlInt(salt.validUntilS), tlLong(salt.salt)]),
    ),

  stateInfo: (msgId: bigint, states: Buffer) => join(tlInt(constructors.msgsStateInfo), tlLong(msgId), tlBytes(states)),

  sessionDestroyed: (sessionId: bigint, existed: boolean) =>
    join(tlInt(existed ? constructors.destroySessionOk : constructors.destroySessionNone), tlLong(sessionId)),

  keyDestroyed: () => tlInt(constructors.destroyAuthKeyOk),

  rpcResult: (msgId: bigint, result: Buffer) => join(tlInt(constructors.rpcResult), tlLong(msgId), result),

  rpcError: (code: number, message: string) =>
    join(tlInt(constructors.rpcError), tlInt(code), tlBytes(Buffer.from(message))),

  answerUnknown: () => tlInt(constructors.rpcAnswerUnknown),

  answerDroppedRunning: () => tlInt(constructors.rpcAnswerDroppedRunning),

  answerDropped: (msgId: bigint, seqNo: number, bytes: number) =>
    join(tlInt(constructors.rpcAnswerDropped), tlLong(msgId), tlInt(seqNo), tlInt(bytes)),
};

function join(...parts: Buffer[]): Buffer {
  return Buffer.concat(parts);
}
