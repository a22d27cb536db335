import { BrokenPacket } from './broken-packet.js';
import type { ClientLink } from './client-link.js';
import { constructors } from './constructors.js';
import { readContainer, type PlainMessage } from './container.js';
import { unpack } from './gzip.js';
import type { MtprotoState } from './incoming-message.js';
import type { KnownKey } from './key-ring.js';
import { decryptMessage } from './message-cipher.js';
import { badMessage, clockError, parityError } from './message-rules.js';
import type { ReceivedMessage } from './received-messages.js';
import type { RpcRunner } from './rpc-runner.js';
import { serviceMessages } from './service-messages.js';
import type { ServiceRequests } from './service-requests.js';
import type { Session } from './session.js';
import type { SessionTable } from './session-table.js';

export interface MessageDispatcherDeps {
  state: MtprotoState;
  sessions: SessionTable;
  services: ServiceRequests;
  rpc: RpcRunner;
}

/** Where a message came from. */
interface Origin {
  link: ClientLink;
  key: KnownKey;
  session: Session;
}

const REPLY = { contentRelated: false, isReply: true };

/**
 * Decides on every encrypted message whether it is accepted, as strictly as
 * https://core.telegram.org/mtproto/service_messages_about_messages says, and hands it on to who handles it.
 */
export class MessageDispatcher {
  constructor(private readonly deps: MessageDispatcherDeps) {}

  /** `BrokenPacket` where the packet is not one of a key that is known. */
  receive(packet: Buffer, link: ClientLink): void {
    const { keys, now } = this.deps.state;
    const key = keys.find(packet.subarray(0, 8).toString('hex'));
    if (!key) throw new BrokenPacket('an unknown auth key', -404);
    const { salt, sessionId, ...message } = decryptMessage(packet, key.authKey, 'client');
    const session = this.deps.sessions.obtain(key.authKey.id, sessionId);
    [link.authKeyId, link.sessionId] = [key.authKey.id, sessionId];
    session.attach(link);
    const wrong = idError(message.msgId) ?? clockError(message.msgId, now());
    if (wrong !== undefined) {
      reject(message, wrong, session);
      return;
    }
    const nowS = Math.floor(now() / 1000);
    if (!key.salts.isValid(salt, nowS)) {
      session.send(serviceMessages.badSalt(message.msgId, message.seqNo, key.salts.current(nowS)), REPLY);
      return;
    }
    this.accept(message, { link, key, session });
  }

  private accept(message: PlainMessage, origin: Origin): void {
    if (message.body.length < 4) throw new BrokenPacket('an empty message');
    if (message.body.readUInt32LE() !== constructors.msgContainer) {
      this.announce(message.msgId, origin);
      this.acceptSingle(message, origin);
      return;
    }
    const { session } = origin;
    const parts = readContainer(message.body.subarray(4), message.msgId);
    const wrong = containerError(message, session) ?? (parts ? undefined : badMessage.invalidContainer);
    if (wrong !== undefined || !parts) {
      reject(message, wrong ?? badMessage.invalidContainer, session);
      return;
    }
    session.received.add({ msgId: message.msgId, seqNo: message.seqNo, isContainer: true });
    this.announce(
      parts.reduce((lowest, { msgId }) => (msgId < lowest ? msgId : lowest), message.msgId),
      origin,
    );
    for (const part of parts) this.acceptSingle(part, origin);
  }

  private acceptSingle(message: PlainMessage, origin: Origin): void {
    const { session } = origin;
    const known = session.received.find(message.msgId);
    if (known) {
      repeat(known, session);
      return;
    }
    const body = unpack(message.body);
    const wrong = singleError(message, body, session);
    if (wrong !== undefined) {
      reject(message, wrong, session);
      return;
    }
    const record: ReceivedMessage = { msgId: message.msgId, seqNo: message.seqNo, isContainer: false };
    session.received.add(record);
    const incoming = { ...origin, record, body };
    if (!this.deps.services.handle(incoming)) void this.deps.rpc.run(incoming);
  }

  /** The first message of a session is told so; what the client sent before, with a lower id, is lost. */
  private announce(firstMsgId: bigint, { session, key }: Origin): void {
    if (session.announced) return;
    session.announced = true;
    const salt = key.salts.current(Math.floor(this.deps.state.now() / 1000));
    session.send(serviceMessages.newSession(firstMsgId, session.uniqueId, salt), { contentRelated: true, isReply: false });
  }
}

function reject({ msgId, seqNo }: PlainMessage, code: number, session: Session): void {
  session.send(serviceMessages.badMessage(msgId, seqNo, code), REPLY);
}

function idError(msgId: bigint): number | undefined {
  return msgId % 4n === 0n ? undefined : badMessage.idNotDivisibleBy4;
}

function containerError({ msgId, seqNo }: PlainMessage, { received }: Session): number | undefined {
  if (received.find(msgId)) return badMessage.containerIdUsed;
  if (received.isForgotten(msgId)) return badMessage.tooOld;
  return parityError(seqNo, constructors.msgContainer) ?? received.seqNoError(msgId, seqNo);
}

function singleError({ msgId, seqNo }: PlainMessage, body: Buffer, { received }: Session): number | undefined {
  if (body.length < 4) throw new BrokenPacket('an empty message');
  const constructor = body.readUInt32LE();
  // A container is never packed nor in another.
  if (constructor === constructors.msgContainer) return badMessage.invalidContainer;
  if (received.isForgotten(msgId)) return badMessage.tooOld;
  return idError(msgId) ?? parityError(seqNo, constructor) ?? received.seqNoError(msgId, seqNo);
}

/** The same message once more: it is not carried out again; an answer that the client may not have is sent again. */
function repeat({ msgId, seqNo, request }: ReceivedMessage, session: Session): void {
  if (request?.answerId !== undefined && session.resend(request.answerId)) return;
  if (seqNo % 2 === 1) session.oweAck(msgId);
}
