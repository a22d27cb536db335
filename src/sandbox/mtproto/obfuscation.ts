import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Framing } from './framing.js';

/** The head that opens an obfuscated connection. */
export const OBFUSCATION_HEAD = 64;

/** What an obfuscated connection's head says, and the two AES-256-CTR streams that it begins. */
export interface Obfuscation {
  /** The inner transport, as its own first four bytes. */
  tag: number;
  decrypt(bytes: Buffer): Buffer;
  encrypt(bytes: Buffer): Buffer;
}

/**
 * https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation: the key and the counter of the client's
 * stream are bytes 8..56 of the head, those of the server's stream the same bytes in reverse.
 */
export function readObfuscation(head: Buffer): Obfuscation {
  const secret = head.subarray(8, 56);
  const reversed = Buffer.from(secret).reverse();
  const incoming = createDecipheriv('aes-256-ctr', secret.subarray(0, 32), secret.subarray(32));
  const outgoing = createCipheriv('aes-256-ctr', reversed.subarray(0, 32), reversed.subarray(32));
  return {
    tag: incoming.update(head).readUInt32LE(56),
    decrypt: (bytes) => incoming.update(bytes),
    encrypt: (bytes) => outgoing.update(bytes),
  };
}

/** A transport under obfuscation. */
export class ObfuscatedFraming implements Framing {
  readonly name: string;

  constructor(
    private readonly inner: Framing,
    private readonly obfuscation: Obfuscation,
  ) {
    this.name = `obfuscated ${inner.name}`;
  }

  decode(bytes: Buffer): Buffer[] {
    return this.inner.decode(this.obfuscation.decrypt(bytes));
  }

  encode(packet: Buffer): Buffer {
    return this.obfuscation.encrypt(this.inner.encode(packet));
  }
}
