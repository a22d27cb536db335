import { createCipheriv, createDecipheriv } from 'node:crypto';

const BLOCK = 16;

/** `a` xor `b`, of the length of `a`; both are a whole number of 32-bit words. */
export function xor(a: Buffer, b: Buffer): Buffer {
  const result = Buffer.allocUnsafe(a.length);
  for (let i = 0; i < a.length; i += 4) result.writeInt32LE(a.readInt32LE(i) ^ b.readInt32LE(i), i);
  return result;
}

/**
 * AES in Infinite Garble Extension mode: c[i] = E(p[i] ^ c[i-1]) ^ p[i-1], with c[-1] and p[-1] the two halves of the
 * 32-byte `iv`. OpenSSL's programming interface has it, node:crypto does not.
 *
 * With y[i] = c[i] ^ p[i-1] it is y[i] = E(p[i] ^ p[i-2] ^ y[i-1]): ordinary CBC over p[i] ^ p[i-2], at native speed.
 */
export function encryptIge(plain: Buffer, key: Buffer, iv: Buffer): Buffer {
  assertBlocks(plain);
  const c0 = iv.subarray(0, BLOCK);
  const earlier = Buffer.concat([iv.subarray(BLOCK), plain]).subarray(0, plain.length);
  // p[i-2] for the first two blocks: nothing, then p[-1].
  const beforeEarlier = Buffer.concat([Buffer.alloc(BLOCK), earlier]).subarray(0, plain.length);
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, c0).setAutoPadding(false);
  return xor(Buffer.concat([cipher.update(xor(plain, beforeEarlier)), cipher.final()]), earlier);
}

/** The opposite of `encryptIge`: p[i] = D(c[i] ^ p[i-1]) ^ c[i-1], block by block, for here nothing native helps. */
export function decryptIge(encrypted: Buffer, key: Buffer, iv: Buffer): Buffer {
  assertBlocks(encrypted);
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  const plain = Buffer.allocUnsafe(encrypted.length);
  let previousEncrypted = iv.subarray(0, BLOCK);
  let previousPlain = iv.subarray(BLOCK);
  for (let at = 0; at < encrypted.length; at += BLOCK) {
    const block = encrypted.subarray(at, at + BLOCK);
    xor(decipher.update(xor(block, previousPlain)), previousEncrypted).copy(plain, at);
    previousEncrypted = block;
    previousPlain = plain.subarray(at, at + BLOCK);
  }
  return plain;
}

function assertBlocks(data: Buffer): void {
  if (data.length % BLOCK !== 0) throw new RangeError(`${data.length} bytes are no whole number of AES blocks`);
}
