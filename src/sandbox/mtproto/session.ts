import { randomBytes } from 'node:crypto';
import { constructors } from './constructors.js';
import { packIfSmaller } from './gzip.js';
import { ReceivedMessages } from './received-messages.js';
import { ServerMessageIds } from './server-message-ids.js';
import { serviceMessages } from './service-messages.js';
import { tlInt, tlLong } from './tl-writer.js';

/** One message of the server, as it is in a packet or a container. */
export interface ServerMessage {
  msgId: bigint;
  seqNo: number;
  body: Buffer;
}

/** A live way to the client, as far as a session needs it. */
export interface SessionLink {
  readonly id: number;
  /** Encrypts the message and sends it; does nothing where the link is closed. */
  sendMessage(session: Session, message: ServerMessage): void;
}

export interface SendOptions {
  /** It needs an acknowledgement, and is kept and sent again until it has one. */
  contentRelated: boolean;
  /** It answers a message of the client. */
  isReply: boolean;
}

const CONTAINER_MESSAGES = 100;
const CONTAINER_BYTES = 1 << 20;
const KEPT_UNACKNOWLEDGED = 1000;
const ACK_DELAY_MS = 100;

/**
 * One session of a client: what has been received in it, and what is on the way. A session outlives its connections;
 * what is sent goes to the newest, and what was not acknowledged is sent again when another comes.
 */
export class Session {
  readonly uniqueId = randomBytes(8).readBigUInt64LE();
  readonly received = new ReceivedMessages();
  /** The client has been told new_session_created. */
  announced = false;
  /** It has asked for something that subscribes to updates; those that come while nobody is connected are kept. */
  takesUpdates = false;
  private overflowed = false;
  private readonly ids: ServerMessageIds;
  private contentCount = 0;
  private link: SessionLink | undefined;
  private readonly linksSeen = new WeakSet<SessionLink>();
  private readonly unacknowledged = new Map<bigint, ServerMessage>();
  private readonly outbox = new Map<bigint, ServerMessage>();
  private readonly owedAcks = new Set<bigint>();
  private ackTimer: NodeJS.Timeout | undefined;
  private flushing = false;

  constructor(
    readonly authKeyId: string,
    /** Hex, in the order of the wire. */
    readonly id: string,
    now: () => number,
  ) {
    this.ids = new ServerMessageIds(now);
  }

  get isLive(): boolean {
    return this.link !== undefined;
  }

  /**
   * Nobody is connected, and more came than is kept: who comes back gets a new session, and knows by new_session_created
   * that it has to ask what it missed.
   */
  get isLost(): boolean {
    return this.overflowed && !this.link;
  }

  get currentLink(): SessionLink | undefined {
    return this.link;
  }

  /** From now on the session is spoken to through `link`; what was not acknowledged goes there again. */
  attach(link: SessionLink): void {
    if (this.link === link) return;
    this.link = link;
    if (this.linksSeen.has(link)) return;
    this.linksSeen.add(link);
    for (const message of this.unacknowledged.values()) this.outbox.set(message.msgId, message);
    this.flushSoon();
  }

  detach(link: SessionLink): void {
    if (this.link !== link) return;
    this.link = undefined;
    this.outbox.clear();
  }

  /** Sends now where the session is live; otherwise keeps what is content-related for the next connection. */
  send(body: Buffer, { contentRelated, isReply }: SendOptions): ServerMessage {
    const message = { msgId: this.ids.next(isReply), seqNo: this.nextSeqNo(contentRelated), body };
    if (contentRelated) this.keep(message);
    if (this.link) this.outbox.set(message.msgId, message);
    this.flushSoon();
    return message;
  }

  /** The answer to a request; it acknowledges it, too. `result` is packed where that makes it shorter. */
  sendResult(requestId: bigint, result: Buffer): ServerMessage {
    this.owedAcks.delete(requestId);
    const body = serviceMessages.rpcResult(requestId, packIfSmaller(result));
    return this.send(body, { contentRelated: true, isReply: true });
  }

  /** The client has these; what it names that was never sent is ignored. */
  acknowledge(msgIds: readonly bigint[]): void {
    for (const msgId of msgIds) this.unacknowledged.delete(msgId);
  }

  /** Sends a message again that has not been acknowledged; false where there is none. */
  resend(msgId: bigint): boolean {
    const message = this.unacknowledged.get(msgId);
    if (!message) return false;
    if (this.link) this.outbox.set(msgId, message);
    this.flushSoon();
    return true;
  }

  /** Takes an answer back that the client does not want any more; undefined where it has it already. */
  withdraw(msgId: bigint): ServerMessage | undefined {
    const message = this.unacknowledged.get(msgId);
    this.unacknowledged.delete(msgId);
    this.outbox.delete(msgId);
    return message;
  }

  /** Acknowledges a message of the client in a moment, unless its answer has done so before. */
  oweAck(msgId: bigint): void {
    this.owedAcks.add(msgId);
    this.ackTimer ??= setTimeout(() => this.sendOwedAcks(), ACK_DELAY_MS).unref();
  }

  /** The message never came: nothing is acknowledged. */
  forgetReceived(msgId: bigint): void {
    this.owedAcks.delete(msgId);
    this.received.remove(msgId);
  }

  private sendOwedAcks(): void {
    this.ackTimer = undefined;
    if (this.owedAcks.size === 0) return;
    this.send(serviceMessages.ack([...this.owedAcks]), { contentRelated: false, isReply: false });
    this.owedAcks.clear();
  }

  private keep(message: ServerMessage): void {
    this.unacknowledged.set(message.msgId, message);
    if (this.unacknowledged.size <= KEPT_UNACKNOWLEDGED) return;
    this.overflowed = true;
    for (const oldest of this.unacknowledged.keys()) {
      this.unacknowledged.delete(oldest);
      return;
    }
  }

  private nextSeqNo(contentRelated: boolean): number {
    const seqNo = this.contentCount * 2 + (contentRelated ? 1 : 0);
    if (contentRelated) this.contentCount += 1;
    return seqNo;
  }

  /** What is sent in one turn of the event loop shares containers. */
  private flushSoon(): void {
    if (this.flushing || this.outbox.size === 0) return;
    this.flushing = true;
    setImmediate(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    const link = this.link;
    const messages = [...this.outbox.values()];
    this.outbox.clear();
    if (!link) return;
    for (const group of groups(messages)) {
      const [first] = group;
      if (first) link.sendMessage(this, group.length === 1 ? first : this.contain(group));
    }
  }

  private contain(messages: ServerMessage[]): ServerMessage {
    const parts = messages.map(({ msgId, seqNo, body }) =>
      Buffer.concat([tlLong(msgId), tlInt(seqNo), tlInt(body.length), body]),
    );
    return {
      msgId: this.ids.next(messages.some(({ msgId }) => msgId % 4n === 1n)),
      seqNo: this.nextSeqNo(false),
      body: Buffer.concat([tlInt(constructors.msgContainer), tlInt(messages.length), ...parts]),
    };
  }
}

/** Messages in order, as many together as one container may hold. */
function groups(messages: readonly ServerMessage[]): ServerMessage[][] {
  const result: ServerMessage[][] = [];
  let group: ServerMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (group.length === CONTAINER_MESSAGES || bytes + message.body.length + 16 > CONTAINER_BYTES) {
      result.push(group);
      [group, bytes] = [[], 0];
    }
    group.push(message);
    bytes += message.body.length + 16;
  }
  return [...result, group].filter(({ length }) => length > 0);
}
