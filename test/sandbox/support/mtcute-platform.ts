import { createCipheriv, createHash, createHmac, pbkdf2, randomFillSync } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { deflateSync, gunzipSync } from 'node:zlib';
import { IntermediatePacketCodec, ObfuscatedPacketCodec, TransportState } from '@mtcute/core';
import type { IPacketCodec, ITelegramTransport } from '@mtcute/core';
import type { ICorePlatform } from '@mtcute/core/platform.js';
import { BaseCryptoProvider } from '@mtcute/core/utils.js';
import type { BasicDcOption, IAesCtr, ICryptoProvider, IEncryptionScheme, Logger } from '@mtcute/core/utils.js';
import { ige256Decrypt, ige256Encrypt, initSync } from '@mtcute/wasm';

/**
 * What mtcute's core needs of Node. The package @mtcute/node has it ready-made, and with it better-sqlite3, whose
 * installation downloads or compiles native code; a test is not worth that to everybody who installs the project.
 */
export class NodeCrypto extends BaseCryptoProvider implements ICryptoProvider {
  initialize(): void {
    initSync(readFileSync(new URL(import.meta.resolve('@mtcute/wasm/mtcute.wasm'))));
  }

  createAesCtr(key: Uint8Array, iv: Uint8Array): IAesCtr {
    const cipher = createCipheriv(`aes-${key.length * 8}-ctr`, key, iv);
    return { process: (data) => cipher.update(data) };
  }

  /** mtcute's own, compiled from C. */
  createAesIge(key: Uint8Array, iv: Uint8Array): IEncryptionScheme {
    return { encrypt: (data) => ige256Encrypt(data, key, iv), decrypt: (data) => ige256Decrypt(data, key, iv) };
  }

  pbkdf2(password: Uint8Array, salt: Uint8Array, iterations: number, ...rest: [number?, string?]): Promise<Uint8Array> {
    const [length = 64, hash = 'sha512'] = rest;
    return new Promise((resolve, reject) => {
      pbkdf2(password, salt, iterations, length, hash, (error, key) => (error ? reject(error) : resolve(key)));
    });
  }

  sha1(data: Uint8Array): Uint8Array {
    return createHash('sha1').update(data).digest();
  }

  sha256(data: Uint8Array): Uint8Array {
    return createHash('sha256').update(data).digest();
  }

  hmacSha256(data: Uint8Array, key: Uint8Array): Uint8Array {
    return createHmac('sha256', key).update(data).digest();
  }

  gzip(data: Uint8Array, maxSize: number): Uint8Array | null {
    const packed = deflateSync(data);
    return packed.length <= maxSize ? packed : null;
  }

  gunzip(data: Uint8Array): Uint8Array {
    return gunzipSync(data);
  }

  randomFill(bytes: Uint8Array): void {
    randomFillSync(bytes);
  }
}

/** TCP under one of mtcute's own packet codecs. */
export class NodeTransport extends EventEmitter implements ITelegramTransport {
  private current: TransportState = TransportState.Idle;
  private dc: BasicDcOption | null = null;
  private socket: Socket | undefined;
  private log: Logger | undefined;

  constructor(private readonly codec: IPacketCodec) {
    super();
    codec.on('error', (error) => this.emit('error', error));
    codec.on('packet', (packet) => this.emit('message', packet));
  }

  setup(crypto: ICryptoProvider, log: Logger): void {
    this.log = log;
    this.codec.setup?.(crypto, log);
  }

  state(): TransportState {
    return this.current;
  }

  currentDc(): BasicDcOption | null {
    return this.dc;
  }

  connect(dc: BasicDcOption): void {
    this.current = TransportState.Connecting;
    this.dc = dc;
    const socket = connect(dc.port, dc.ipAddress);
    this.socket = socket;
    socket.on('connect', () => void this.begin(socket));
    socket.on('data', (data) => this.codec.feed(data));
    socket.on('error', (error) => this.log?.debug('socket error: %s', error.message));
    socket.on('close', () => this.close());
  }

  close(): void {
    if (this.current === TransportState.Idle) return;
    this.current = TransportState.Idle;
    this.socket?.removeAllListeners().on('error', () => undefined).destroy();
    this.dc = null;
    this.codec.reset();
    this.emit('close');
  }

  async send(bytes: Uint8Array): Promise<void> {
    const framed = await this.codec.encode(bytes);
    if (this.current === TransportState.Ready) this.socket?.write(framed);
  }

  private async begin(socket: Socket): Promise<void> {
    const tag = await this.codec.tag();
    if (tag.length > 0) socket.write(tag);
    this.current = TransportState.Ready;
    this.emit('ready');
  }
}

export function intermediate(): NodeTransport {
  return new NodeTransport(new IntermediatePacketCodec());
}

export function obfuscatedIntermediate(): NodeTransport {
  return new NodeTransport(new ObfuscatedPacketCodec(new IntermediatePacketCodec()));
}

/** Texts, hexadecimal, base64; silent, and with no hooks on the process. */
export const nodePlatform: ICorePlatform = {
  beforeExit: () => () => undefined,
  log: () => undefined,
  getDefaultLogLevel: () => 0,
  getDeviceModel: () => 'Node.js',
  utf8ByteLength: (text) => Buffer.byteLength(text),
  utf8Encode: (text) => Buffer.from(text),
  utf8Decode: (bytes) => Buffer.from(bytes).toString(),
  hexEncode: (bytes) => Buffer.from(bytes).toString('hex'),
  hexDecode: (text) => Buffer.from(text, 'hex'),
  base64Encode: (bytes, url) => Buffer.from(bytes).toString(url ? 'base64url' : 'base64'),
  base64Decode: (text, url) => Buffer.from(text, url ? 'base64url' : 'base64'),
};
