import { constructors } from './constructors.js';
import type { ConnectionFaults } from './connection-faults.js';
import type { IncomingMessage, MtprotoState } from './incoming-message.js';
import { serviceMessages } from './service-messages.js';
import type { Session } from './session.js';
import type { SessionTable } from './session-table.js';
import { TlReader } from './tl-reader.js';

export interface ServiceRequestsDeps {
  state: MtprotoState;
  sessions: SessionTable;
  faults: Pick<ConnectionFaults, 'pongDelayMs'>;
  forgetKey: (authKeyId: string) => void;
}

const REPLY = { contentRelated: false, isReply: true };
const MOST_SALTS = 64;

/** What MTProto itself understands: https://core.telegram.org/mtproto/service_messages. */
export class ServiceRequests {
  constructor(private readonly deps: ServiceRequestsDeps) {}

  /** False where it is none of these, but a request for the handler. `BrokenPacket` where it ends too early. */
  handle(message: IncomingMessage): boolean {
    const { session, record, link } = message;
    const reader = new TlReader(message.body);
    switch (reader.uint()) {
      case constructors.msgsAck:
        session.acknowledge(reader.vectorOfLongs());
        return true;
      case constructors.ping:
        this.pong(message, reader.long());
        return true;
      case constructors.pingDelayDisconnect:
        this.pong(message, reader.long());
        link.connection.disconnectAfter(reader.int() * 1000);
        return true;
      case constructors.getFutureSalts:
        this.futureSalts(message, reader.int());
        return true;
      case constructors.msgsStateReq:
        session.send(serviceMessages.stateInfo(record.msgId, statesOf(reader.vectorOfLongs(), session)), REPLY);
        return true;
      case constructors.msgResendReq:
        resend(message, reader.vectorOfLongs());
        return true;
      case constructors.msgsAllInfo:
        acknowledgeReceived(session, reader.vectorOfLongs(), reader.bytes());
        return true;
      case constructors.rpcDropAnswer:
        session.sendResult(record.msgId, dropAnswer(session, reader.long()));
        return true;
      case constructors.destroySession:
        this.destroySession(message, reader.raw(8));
        return true;
      case constructors.destroyAuthKey:
        session.send(serviceMessages.keyDestroyed(), REPLY);
        // After the answer has gone out under the key.
        setImmediate(() => this.deps.forgetKey(message.key.authKey.id));
        return true;
      case constructors.msgsStateInfo:
      case constructors.msgDetailedInfo:
      case constructors.msgNewDetailedInfo:
      case constructors.httpWait:
        return true;
      default:
        return false;
    }
  }

  private pong({ session, record }: IncomingMessage, pingId: bigint): void {
    const send = () => session.send(serviceMessages.pong(record.msgId, pingId), REPLY);
    if (this.deps.faults.pongDelayMs > 0) setTimeout(send, this.deps.faults.pongDelayMs).unref();
    else send();
  }

  private futureSalts({ session, record, key }: IncomingMessage, wanted: number): void {
    const nowS = Math.floor(this.deps.state.now() / 1000);
    const salts = key.salts.upcoming(Math.min(Math.max(wanted, 1), MOST_SALTS), nowS);
    session.send(serviceMessages.futureSalts(record.msgId, nowS, salts), REPLY);
  }

  /** Another session of the same key; the one that asks stays. */
  private destroySession({ session, key }: IncomingMessage, id: Buffer): void {
    const hex = id.toString('hex');
    const existed = hex !== session.id && this.deps.sessions.remove(key.authKey.id, hex);
    session.send(serviceMessages.sessionDestroyed(id.readBigUInt64LE(), existed), REPLY);
  }
}

/** One byte a message: https://core.telegram.org/mtproto/service_messages_about_messages#informational-message… */
function statesOf(msgIds: readonly bigint[], session: Session): Buffer {
  return Buffer.from(msgIds.map((msgId) => stateOf(msgId, session)));
}

function stateOf(msgId: bigint, { received }: Session): number {
  const message = received.find(msgId);
  if (message) {
    const needsNoAck = message.seqNo % 2 === 0 ? 16 : 0;
    const isRequest = message.request ? 32 : 0;
    return 4 | needsNoAck | isRequest | (message.request?.state === 'answered' ? 64 : 0);
  }
  if (received.isForgotten(msgId)) return 1;
  return msgId > (received.highestId ?? 0n) ? 3 : 2;
}

function resend({ session, record }: IncomingMessage, msgIds: readonly bigint[]): void {
  const resent = msgIds.map((msgId) => session.resend(msgId));
  if (resent.every(Boolean)) return;
  session.send(serviceMessages.stateInfo(record.msgId, statesOf(msgIds, session)), REPLY);
}

function acknowledgeReceived(session: Session, msgIds: readonly bigint[], states: Buffer): void {
  session.acknowledge(msgIds.filter((_, i) => ((states[i] ?? 0) & 7) === 4));
}

function dropAnswer(session: Session, requestId: bigint): Buffer {
  const request = session.received.find(requestId)?.request;
  if (request?.state === 'running') {
    request.state = 'dropped';
    return serviceMessages.answerDroppedRunning();
  }
  const answer = request?.answerId === undefined ? undefined : session.withdraw(request.answerId);
  return answer
    ? serviceMessages.answerDropped(answer.msgId, answer.seqNo, answer.body.length)
    : serviceMessages.answerUnknown();
}
