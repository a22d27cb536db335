import { createHash } from 'node:crypto';

/** A 2048-bit key that a client and the data centre share. */
export interface AuthKey {
  /** Hex of the 64 lower-order bits of the key's SHA1, in the order of the wire. */
  id: string;
  /** 256 bytes. */
  key: Buffer;
  /** The 64 higher-order bits of the key's SHA1. */
  auxHash: Buffer;
}

/** `key`: 256 bytes, padded on the left where the number is smaller. */
export function toAuthKey(key: Buffer): AuthKey {
  if (key.length !== 256) throw new RangeError(`an auth key has 256 bytes, not ${key.length}`);
  const hash = createHash('sha1').update(key).digest();
  return { id: hash.subarray(12).toString('hex'), key, auxHash: hash.subarray(0, 8) };
}
