import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { AuthKey } from '../../../src/sandbox/mtproto/auth-key.js';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import { decryptMessage, encryptMessage } from '../../../src/sandbox/mtproto/message-cipher.js';
import type { RsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';
import { TlReader } from '../../../src/sandbox/mtproto/tl-reader.js';
import { tlBytes, tlInt, tlLong } from '../../../src/sandbox/mtproto/tl-writer.js';
import { full, type ClientTransport } from './client-transports.js';
import { exchangeDh, type Exchange, type HandshakeWish } from './raw-exchange.js';

/** One message of the server, taken out of its container. */
export interface Received {
  msgId: bigint;
  seqNo: number;
  constructor_: number;
  /** What follows the constructor. */
  reader: TlReader;
  salt: bigint;
  /** It came in a container. */
  contained: boolean;
}

const WAIT_MS = 10_000;

/** A client that sends exactly what a test tells it to, right or wrong. */
export class RawClient {
  authKey: AuthKey | undefined;
  sessionId = randomBytes(8).toString('hex');
  salt = 0n;
  /** Added to the real clock, ms. */
  clockOffsetMs = 0;
  readonly received: Received[] = [];
  readonly transportErrors: number[] = [];
  closed = false;
  private readonly plain: Buffer[] = [];
  private readonly wakers = new Set<() => void>();
  private content = 0;
  private lastId = 0n;

  private constructor(
    private readonly socket: Socket,
    private readonly transport: ClientTransport,
  ) {
    socket.on('data', (bytes) => {
      for (const packet of transport.unwrap(bytes)) this.take(packet);
      this.wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.wake();
    });
  }

  static async connect(port: number, transport: ClientTransport = full()): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const client = new RawClient(socket, transport);
    if (transport.head.length > 0) socket.write(transport.head);
    return client;
  }

  /** Another connection of the same device: the same key, and the same session unless it is told otherwise. */
  async again(port: number): Promise<RawClient> {
    const other = await RawClient.connect(port);
    Object.assign(other, { authKey: this.authKey, sessionId: this.sessionId, salt: this.salt });
    [other.content, other.lastId] = [this.content, this.lastId];
    return other;
  }

  close(): void {
    this.socket.destroy();
  }

  /** Bytes as they are, under no transport. */
  writeRaw(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  writePacket(packet: Buffer): void {
    this.socket.write(this.transport.wrap(packet));
  }

  nextId(): bigint {
    const now = Date.now() + this.clockOffsetMs;
    const clock = (BigInt(Math.floor(now / 1000)) << 32n) | (BigInt(Math.floor((now % 1000) * 4_294_967)) & ~3n);
    this.lastId = clock > this.lastId ? clock : this.lastId + 4n;
    return this.lastId;
  }

  nextSeqNo(isContent: boolean): number {
    const seqNo = this.content * 2 + (isContent ? 1 : 0);
    if (isContent) this.content += 1;
    return seqNo;
  }

  /** Sends a message; what is not given is as it should be. Returns its id. */
  send(body: Buffer, wish: { msgId?: bigint; seqNo?: number; isContent?: boolean; salt?: bigint } = {}): bigint {
    const msgId = wish.msgId ?? this.nextId();
    const seqNo = wish.seqNo ?? this.nextSeqNo(wish.isContent ?? true);
    const salt = wish.salt ?? this.salt;
    this.writePacket(encryptMessage({ salt, sessionId: this.sessionId, msgId, seqNo, body }, this.key, 'client'));
    return msgId;
  }

  get key(): AuthKey {
    if (!this.authKey) throw new Error('no key yet');
    return this.authKey;
  }

  /** The first message of this constructor that is not taken yet and, where asked, fits; it is taken. */
  async next(constructor: number, fits: (message: Received) => boolean = () => true): Promise<Received> {
    return this.until(constructor.toString(16), () => {
      const at = this.received.findIndex((message) => message.constructor_ === constructor && fits(message));
      return at < 0 ? undefined : this.received.splice(at, 1)[0];
    });
  }

  /** The result of a request, unpacked, behind its rpc_result. */
  async result(msgId: bigint): Promise<Buffer> {
    const message = await this.next(constructors.rpcResult, ({ reader }) => reader.peekRest().readBigUInt64LE() === msgId);
    message.reader.long();
    const body = message.reader.rest();
    if (body.readUInt32LE() !== constructors.gzipPacked) return body;
    return gunzipSync(new TlReader(body.subarray(4)).bytes());
  }

  async error(msgId: bigint): Promise<{ code: number; message: string }> {
    const reader = new TlReader(await this.result(msgId));
    if (reader.uint() !== constructors.rpcError) throw new Error('it was not an error');
    return { code: reader.int(), message: reader.bytes().toString() };
  }

  async untilClosed(): Promise<void> {
    await this.until('the end of the connection', () => (this.closed ? true : undefined));
  }

  async transportError(): Promise<number> {
    return this.until('a transport error', () => this.transportErrors.shift());
  }

  /** Gets a salt as every client does: a ping with a wrong one. */
  async learnSalt(): Promise<void> {
    this.send(ping(1n), { salt: 1n });
    const { reader } = await this.next(constructors.badServerSalt);
    reader.raw(16);
    this.salt = reader.long();
  }

  async plainCall(body: Buffer): Promise<TlReader> {
    this.writePacket(Buffer.concat([tlLong(0n), tlLong(this.nextId()), tlInt(body.length), body]));
    const answer = await this.until('a plain answer', () => this.plain.shift());
    return new TlReader(answer);
  }

  /** Makes a key and takes it on. */
  async handshake(rsa: RsaKeyPair, wish: HandshakeWish = {}): Promise<{ constructor_: number; hash: Buffer; exchange: Exchange }> {
    const exchange = await exchangeDh((body) => this.plainCall(body), rsa, wish);
    const answer = await this.plainCall(exchange.setParams(randomBytes(256)));
    const constructor_ = answer.uint();
    answer.raw(32);
    [this.authKey, this.salt] = [exchange.authKey, exchange.salt];
    return { constructor_, hash: answer.raw(16), exchange };
  }

  private take(packet: Buffer): void {
    if (packet.length === 4) {
      this.transportErrors.push(packet.readInt32LE());
      return;
    }
    if (packet.readBigUInt64LE() === 0n) {
      this.plain.push(packet.subarray(20));
      return;
    }
    const { body, msgId, seqNo, salt, sessionId } = decryptMessage(packet, this.key, 'server');
    if (sessionId !== this.sessionId) throw new Error('a message of another session');
    this.unpack({ msgId, seqNo, body }, salt, false);
  }

  private unpack({ msgId, seqNo, body }: { msgId: bigint; seqNo: number; body: Buffer }, salt: bigint, contained: boolean): void {
    const reader = new TlReader(body);
    const constructor = reader.uint();
    if (constructor !== constructors.msgContainer) {
      this.received.push({ msgId, seqNo, constructor_: constructor, reader, salt, contained });
      return;
    }
    for (let left = reader.uint(); left > 0; left -= 1) {
      const head = { msgId: reader.long(), seqNo: reader.uint() };
      this.unpack({ ...head, body: reader.raw(reader.uint()) }, salt, true);
    }
  }

  private async until<T>(what: string, look: () => T | undefined): Promise<T> {
    const giveUp = Date.now() + WAIT_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.closed) throw new Error(`the connection was closed before ${what} came`);
      if (Date.now() > giveUp) throw new Error(`no ${what} came`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, WAIT_MS);
        const wakers = this.wakers;
        function done(): void {
          clearTimeout(timer);
          wakers.delete(done);
          resolve();
        }
        wakers.add(done);
      });
    }
  }

  private wake(): void {
    for (const waker of [...this.wakers]) waker();
  }
}

export function ping(pingId: bigint): Buffer {
  return Buffer.concat([tlInt(constructors.ping), tlLong(pingId)]);
}

/** help.getConfig in initConnection in invokeWithLayer, as a client begins. */
export function wrapped(query: Buffer, layer = 198): Buffer {
  const strings = ['model', 'system', 'version', 'en', '', 'en'].map((text) => tlBytes(Buffer.from(text)));
  const init = Buffer.concat([tlInt(constructors.initConnection), tlInt(0), tlInt(1), ...strings, query]);
  return Buffer.concat([tlInt(constructors.invokeWithLayer), tlInt(layer), init]);
}
