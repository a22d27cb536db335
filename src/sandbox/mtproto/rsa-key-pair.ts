import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { tlBytes } from './tl-writer.js';

/** The key pair that a data centre proves itself with while an auth key is made. */
export interface RsaKeyPair {
  privateKey: KeyObject;
  /** PKCS#1 (`RSA PUBLIC KEY`), as Telegram publishes its own. */
  publicKeyPem: string;
  modulus: bigint;
  exponent: bigint;
  /** Low 64 bits of SHA1 of the bare `rsa_public_key n:string e:string`, signed: what clients know a key by. */
  fingerprint: bigint;
}

/** A fresh 2048-bit RSA key; fingerprint as in https://core.telegram.org/mtproto/auth_key. */
export function generateRsaKeyPair(): RsaKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 65537 });
  const jwk = publicKey.export({ format: 'jwk' });
  const n = Buffer.from(jwk.n ?? '', 'base64url');
  const e = Buffer.from(jwk.e ?? '', 'base64url');
  return {
    privateKey,
    publicKeyPem: publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    modulus: BigInt(`0x${n.toString('hex')}`),
    exponent: BigInt(`0x${e.toString('hex')}`),
    fingerprint: fingerprintOf(n, e),
  };
}

/** What clients know a public key by; both numbers big endian. */
export function fingerprintOf(modulus: Buffer, exponent: Buffer): bigint {
  return createHash('sha1').update(tlBytes(modulus)).update(tlBytes(exponent)).digest().readBigInt64LE(12);
}
