import { createHash, randomBytes, randomInt } from 'node:crypto';
import { decryptIge, encryptIge } from './aes-ige.js';
import type { AuthKey } from './auth-key.js';
import { BrokenPacket } from './broken-packet.js';
import { TlReader } from './tl-reader.js';
import { tlInt, tlLong } from './tl-writer.js';

/** Who sent a message: both directions use other parts of the key (x = 0 and x = 8 in the description). */
export type Sender = 'client' | 'server';

/** The inside of an encrypted message. */
export interface Message {
  salt: bigint;
  /** Hex of the client's 64-bit session id. */
  sessionId: string;
  msgId: bigint;
  seqNo: number;
  body: Buffer;
}

const HEADER = 32;
const [LEAST_PADDING, MOST_PADDING] = [12, 1024];

const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTProto 2.0: https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector */
export function deriveAesKey(key: Buffer, msgKey: Buffer, sender: Sender): { aesKey: Buffer; iv: Buffer } {
  const x = sender === 'client' ? 0 : 8;
  const a = sha256(msgKey, key.subarray(x, x + 36));
  const b = sha256(key.subarray(40 + x, 76 + x), msgKey);
  return {
    aesKey: Buffer.concat([a.subarray(0, 8), b.subarray(8, 24), a.subarray(24, 32)]),
    iv: Buffer.concat([b.subarray(0, 8), a.subarray(8, 24), b.subarray(24, 32)]),
  };
}

/** The middle 128 bits of SHA256 of a part of the key with the plaintext, padding included. */
export function messageKey(key: Buffer, plaintext: Buffer, sender: Sender): Buffer {
  const x = sender === 'client' ? 0 : 8;
  return sha256(key.subarray(88 + x, 120 + x), plaintext).subarray(8, 24);
}

/** The whole packet: auth_key_id, msg_key, encrypted data with a random padding of 12..1024 bytes. */
export function encryptMessage(message: Message, authKey: AuthKey, sender: Sender): Buffer {
  const data = Buffer.concat([
    tlLong(message.salt),
    Buffer.from(message.sessionId, 'hex'),
    tlLong(message.msgId),
    tlInt(message.seqNo),
    tlInt(message.body.length),
    message.body,
  ]);
  const toWholeBlocks = LEAST_PADDING + (-(data.length + LEAST_PADDING) & 15);
  const plaintext = Buffer.concat([data, randomBytes(toWholeBlocks + 16 * randomInt(4))]);
  const msgKey = messageKey(authKey.key, plaintext, sender);
  const { aesKey, iv } = deriveAesKey(authKey.key, msgKey, sender);
  return Buffer.concat([Buffer.from(authKey.id, 'hex'), msgKey, encryptIge(plaintext, aesKey, iv)]);
}

/** The opposite of `encryptMessage`; `BrokenPacket` where the message key, the length or the padding is wrong. */
export function decryptMessage(packet: Buffer, authKey: AuthKey, sender: Sender): Message {
  const encrypted = packet.subarray(24);
  if (encrypted.length % 16 !== 0 || encrypted.length < HEADER + 16) throw new BrokenPacket('a wrong length');
  const msgKey = packet.subarray(8, 24);
  const { aesKey, iv } = deriveAesKey(authKey.key, msgKey, sender);
  const plaintext = decryptIge(encrypted, aesKey, iv);
  if (!messageKey(authKey.key, plaintext, sender).equals(msgKey)) throw new BrokenPacket('a wrong message key');
  const reader = new TlReader(plaintext);
  const head = {
    salt: reader.long(),
    sessionId: reader.raw(8).toString('hex'),
    msgId: reader.long(),
    seqNo: reader.uint(),
  };
  const length = reader.uint();
  const padding = reader.remaining - length;
  if (length % 4 !== 0 || padding < LEAST_PADDING || padding > MOST_PADDING) {
    throw new BrokenPacket(`a message of ${length} bytes with ${padding} bytes of padding`);
  }
  return { ...head, body: reader.raw(length) };
}
