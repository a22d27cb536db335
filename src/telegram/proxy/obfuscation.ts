import { type Cipher, createCipheriv, createDecipheriv, createHash, type Decipher, randomBytes } from 'node:crypto';

export interface Obfuscation {
  /** What the connection begins with, 64 bytes. */
  head: Buffer;
  encrypt: Cipher;
  decrypt: Decipher;
}

const HEAD_BYTES = 64;
const PADDED_INTERMEDIATE = 0xdddddddd;
/** Beginnings by which servers know other protocols: HTTP (`HEAD`, `POST`, `GET `, `OPTI`), TLS, and MTProto's transports. */
const TAKEN_WORDS = new Set([0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0x02010316, 0xdddddddd, 0xeeeeeeee]);
const ABRIDGED = 0xef;

/**
 * The obfuscation of an MTProxy (https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation): a random
 * head, from which both sides make their keys by mixing the secret in, and which says the transport and the data centre.
 * All that follows is AES-256-CTR.
 */
export function obfuscate(key: Buffer, dcId: number): Obfuscation {
  const head = randomHead();
  const material = head.subarray(8, 56);
  const reversed = Buffer.from(material).reverse();
  const encrypt = createCipheriv('aes-256-ctr', mixed(material, key), material.subarray(32));
  const decrypt = createDecipheriv('aes-256-ctr', mixed(reversed, key), reversed.subarray(32));
  const plain = Buffer.from(head);
  plain.writeUInt32LE(PADDED_INTERMEDIATE, 56);
  plain.writeInt16LE(dcId, 60);
  encrypt.update(plain).copy(head, 56, 56);
  return { head, encrypt, decrypt };
}

function mixed(material: Buffer, key: Buffer): Buffer {
  return createHash('sha256').update(material.subarray(0, 32)).update(key).digest();
}

function randomHead(): Buffer {
  for (;;) {
    const head = randomBytes(HEAD_BYTES);
    const isTaken = head[0] === ABRIDGED || TAKEN_WORDS.has(head.readUInt32LE()) || head.readUInt32LE(4) === 0;
    if (!isTaken) return head;
  }
}
