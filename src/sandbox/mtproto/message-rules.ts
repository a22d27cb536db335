import { constructors } from './constructors.js';
import { secondOf } from './server-message-ids.js';

/** Why a message is not accepted: the codes of bad_msg_notification. */
export const badMessage = {
  idTooLow: 16,
  idTooHigh: 17,
  idNotDivisibleBy4: 18,
  containerIdUsed: 19,
  tooOld: 20,
  evenSeqNoExpected: 34,
  oddSeqNoExpected: 35,
  invalidContainer: 64,
} as const;

const MOST_BEHIND_S = 300;
const MOST_AHEAD_S = 30;

/** The moment that a message's id names must be near the server's: 300 s behind to 30 s ahead. */
export function clockError(msgId: bigint, nowMs: number): number | undefined {
  const aheadS = secondOf(msgId) - Math.floor(nowMs / 1000);
  if (aheadS < -MOST_BEHIND_S) return badMessage.idTooLow;
  if (aheadS > MOST_AHEAD_S) return badMessage.idTooHigh;
  return undefined;
}

/**
 * Service messages. They are no content, or are it only for some clients: mtcute numbers even its acknowledgements as
 * content, and Telegram takes them, so either number is taken here.
 */
const EITHER: ReadonlySet<number> = new Set([
  constructors.msgsAck,
  constructors.msgsStateInfo,
  constructors.msgsAllInfo,
  constructors.msgDetailedInfo,
  constructors.msgNewDetailedInfo,
  constructors.httpWait,
  constructors.ping,
  constructors.pingDelayDisconnect,
  constructors.getFutureSalts,
  constructors.rpcDropAnswer,
  constructors.destroySession,
  constructors.destroyAuthKey,
  constructors.msgsStateReq,
  constructors.msgResendReq,
]);

/** The sequence number is even for containers and odd for requests. */
export function parityError(seqNo: number, constructor: number): number | undefined {
  if (EITHER.has(constructor)) return undefined;
  const isOdd = seqNo % 2 === 1;
  if (constructor === constructors.msgContainer) return isOdd ? badMessage.evenSeqNoExpected : undefined;
  return isOdd ? undefined : badMessage.oddSeqNoExpected;
}
