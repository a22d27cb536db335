import { createHash } from 'node:crypto';

/** The key that hides the second half of the exchange, from its two nonces: https://core.telegram.org/mtproto/auth_key. */
export function temporaryAes(newNonce: Buffer, serverNonce: Buffer): { key: Buffer; iv: Buffer } {
  const serverFirst = sha1(serverNonce, newNonce);
  return {
    key: Buffer.concat([sha1(newNonce, serverNonce), serverFirst.subarray(0, 12)]),
    iv: Buffer.concat([serverFirst.subarray(12, 20), sha1(newNonce, newNonce), newNonce.subarray(0, 4)]),
  };
}

function sha1(a: Buffer, b: Buffer): Buffer {
  return createHash('sha1').update(a).update(b).digest();
}
