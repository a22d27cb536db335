import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { ByteSource } from './byte-source.js';
import { LoopbackServer } from './loopback-server.js';

export interface MtproxyOptions {
  /** 16 bytes, hex. */
  secret: string;
  /** Pretends to be the web server of this domain. */
  domain?: string;
  /** Where a data centre listens. */
  lead: (dcId: number) => { host: string; port: number };
  /** Accepts connections and never says a word. */
  mute?: boolean;
}

const PADDED_INTERMEDIATE = 0xdddddddd;
const CHANGE_CIPHER_SPEC = Buffer.from('140303000101', 'hex');
const LARGEST_RECORD = 16_384;

/**
 * An MTProxy on loopback: obfuscation with a secret, padded packets only (as with the reference server's `-R`), and fake
 * TLS where it has a domain. Clients that do not know the secret get nothing, or with TLS what a web server would say.
 */
export class MtproxyServer extends LoopbackServer {
  /** The data centre that each connection asked for. */
  readonly asked: number[] = [];
  /** What clients named as the server whose page they want. */
  readonly domains: string[] = [];
  mute: boolean;

  constructor(private readonly options: MtproxyOptions) {
    super((socket) => void this.#serve(socket).catch(() => socket.destroy()));
    this.mute = options.mute ?? false;
  }

  /** The link as Telegram shares it; `ee` and the domain in hex, or in base64url. */
  link(encoding: 'hex' | 'base64url' = 'hex'): string {
    const { secret, domain } = this.options;
    const whole = domain === undefined ? `dd${secret}` : `ee${secret}${Buffer.from(domain).toString('hex')}`;
    const written = encoding === 'hex' ? whole : Buffer.from(whole, 'hex').toString('base64url');
    return `tg://proxy?server=${this.host}&port=${this.port}&secret=${written}`;
  }

  async #serve(socket: Socket): Promise<void> {
    if (this.mute) return void socket.resume();
    const source = new ByteSource(socket);
    const key = Buffer.from(this.options.secret, 'hex');
    const client = this.options.domain === undefined ? plain(socket, source) : await this.#pretendTls(socket, source, key);
    const head = await client.take(64);
    const outer = head.subarray(8, 56);
    const back = Buffer.from(outer).reverse();
    const mixed = (material: Buffer): Buffer => createHash('sha256').update(material.subarray(0, 32)).update(key).digest();
    const decrypt = createDecipheriv('aes-256-ctr', mixed(outer), outer.subarray(32));
    const encrypt = createCipheriv('aes-256-ctr', mixed(back), back.subarray(32));
    const opened = decrypt.update(head);
    if (opened.readUInt32LE(56) !== PADDED_INTERMEDIATE) throw new Error('another secret, or packets without padding');
    const dcId = opened.readInt16LE(60);
    this.asked.push(dcId);
    const target = connect(this.options.lead(dcId));
    target.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
    target.write(opened.subarray(56, 60));
    client.flow((bytes) => void target.write(decrypt.update(bytes)));
    target.on('data', (bytes) => client.write(encrypt.update(bytes)));
  }

  async #pretendTls(socket: Socket, source: ByteSource, key: Buffer): Promise<Client> {
    const hello = Buffer.from(await source.take(517));
    const { sessionId, domain } = readHello(hello);
    this.domains.push(domain);
    const random = Buffer.from(hello.subarray(11, 43));
    const expected = createHmac('sha256', key).update(Buffer.from(hello).fill(0, 11, 43)).digest();
    const sentSec = random.readInt32LE(28) ^ expected.readInt32LE(28);
    const knowsSecret = random.subarray(0, 28).equals(expected.subarray(0, 28)) && Math.abs(sentSec - Date.now() / 1000) < 120;
    const body = Buffer.concat([
      Buffer.from('0303', 'hex'),
      Buffer.alloc(32),
      Buffer.from([sessionId.length]),
      sessionId,
      Buffer.from('130100002e00330024001d0020', 'hex'),
      randomBytes(32),
      Buffer.from('002b00020304', 'hex'),
    ]);
    const handshake = Buffer.concat([Buffer.from([2, 0]), uint16(body.length), body]);
    const certificate = randomBytes(1500);
    const answer = Buffer.concat([record(0x16, handshake), CHANGE_CIPHER_SPEC, record(0x17, certificate)]);
    // Who does not know the secret gets a real server's answer, which is signed by nobody.
    const signature = knowsSecret ? createHmac('sha256', key).update(random).update(answer).digest() : randomBytes(32);
    signature.copy(answer, 11);
    // In pieces, as a network has them.
    for (const piece of [answer.subarray(0, 3), answer.subarray(3, 700), answer.subarray(700)]) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!(await source.take(6)).equals(CHANGE_CIPHER_SPEC)) throw new Error('no change of the cipher');
    return new TlsClient(socket, source);
  }
}

/** One that is stopped when the test is over. */
export async function mtproxyServer(options: MtproxyOptions): Promise<MtproxyServer> {
  const server = new MtproxyServer(options);
  await server.listen();
  onTestFinished(() => server.stop());
  return server;
}

interface Client {
  take(count: number): Promise<Buffer>;
  flow(each: (bytes: Buffer) => void): void;
  write(bytes: Buffer): void;
}

function plain(socket: Socket, source: ByteSource): Client {
  return {
    take: (count) => source.take(count),
    flow: (each) => source.flow(each),
    write: (bytes) => void socket.write(bytes),
  };
}

/** The other side of a TLS connection, in records of application data. */
class TlsClient implements Client {
  #bytes: Buffer = Buffer.alloc(0);

  constructor(
    private readonly socket: Socket,
    private readonly source: ByteSource,
  ) {}

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) this.#bytes = Buffer.concat([this.#bytes, await this.#record()]);
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  flow(each: (bytes: Buffer) => void): void {
    const go = async (): Promise<void> => {
      each(this.#bytes);
      for (;;) each(await this.#record());
    };
    go().catch(() => this.socket.destroy());
  }

  write(bytes: Buffer): void {
    for (let from = 0; from < bytes.length; from += LARGEST_RECORD) {
      this.socket.write(record(0x17, bytes.subarray(from, from + LARGEST_RECORD)));
    }
  }

  async #record(): Promise<Buffer> {
    const head = await this.source.take(5);
    if (!head.subarray(0, 3).equals(Buffer.from('170303', 'hex'))) throw new Error('no application data');
    return this.source.take(head.readUInt16BE(3));
  }
}

/** What a server needs of a hello, read by the lengths in it, so that every one of them has to be right. */
function readHello(hello: Buffer): { sessionId: Buffer; domain: string } {
  const isWhole = hello.readUIntBE(0, 3) === 0x160301 && hello.readUInt16BE(3) === hello.length - 5 && hello.readUIntBE(6, 3) === hello.length - 9;
  if (!isWhole) throw new Error('no hello');
  let at = 43;
  const block = (lengthBytes: number): Buffer => {
    const from = at + lengthBytes;
    at = from + hello.readUIntBE(at, lengthBytes);
    if (at > hello.length) throw new Error('a length that is too large');
    return hello.subarray(from, at);
  };
  const sessionId = block(1);
  const suites = block(2);
  if (!suites.subarray(2).toString('hex').startsWith('1301')) throw new Error('no TLS 1.3 behind the grease');
  block(1);
  const end = at + 2 + hello.readUInt16BE(at);
  at += 2;
  let domain = '';
  while (at < end) {
    const type = hello.readUInt16BE(at);
    at += 2;
    const content = block(2);
    if (type === 0) domain = content.subarray(5).toString();
  }
  if (at !== hello.length) throw new Error('extensions of another length');
  return { sessionId, domain };
}

function record(kind: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([kind, 3, 3]), uint16(content.length), content]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
