import { constants, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { decryptIge, encryptIge } from '../../../src/sandbox/mtproto/aes-ige.js';
import { toAuthKey, type AuthKey } from '../../../src/sandbox/mtproto/auth-key.js';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import type { RsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';
import { TlReader } from '../../../src/sandbox/mtproto/tl-reader.js';
import { tlBytes, tlInt, tlLong } from '../../../src/sandbox/mtproto/tl-writer.js';

/** What a test does otherwise than a client should. */
export interface HandshakeWish {
  /** A temporary key. */
  expiresInSeconds?: number;
  dc?: number;
  encryptedData?: Buffer;
  /** Swapped p and q. */
  wrongFactors?: boolean;
}

export interface Exchange {
  serverTimeS: number;
  /** The body of set_client_DH_params. */
  setParams(exponent: Buffer, retryId?: Buffer, gB?: Buffer): Buffer;
  /** new_nonce_hash1, 2 or 3. */
  hashOf(number: number): Buffer;
  /** What came of the last setParams. */
  readonly authKey: AuthKey;
  readonly salt: bigint;
}

const sha1 = (...parts: Buffer[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest();

/** The client's half of https://core.telegram.org/mtproto/auth_key, up to set_client_DH_params. */
export async function exchangeDh(
  call: (body: Buffer) => Promise<TlReader>,
  rsa: RsaKeyPair,
  wish: HandshakeWish,
): Promise<Exchange> {
  const nonce = randomBytes(16);
  const resPq = await call(Buffer.concat([tlInt(constructors.reqPqMulti), nonce]));
  if (resPq.uint() !== constructors.resPq || !resPq.raw(16).equals(nonce)) throw new Error('no resPQ');
  const serverNonce = resPq.raw(16);
  const pq = resPq.bytes();
  const factors = factorize(BigInt(`0x${pq.toString('hex')}`)).map(bigEndian).map(tlBytes);
  if (wish.wrongFactors) factors.reverse();
  if (resPq.vectorOfLongs()[0] !== BigInt.asUintN(64, rsa.fingerprint)) throw new Error('another fingerprint');
  const newNonce = randomBytes(32);
  const { expiresInSeconds } = wish;
  const inner = Buffer.concat([
    tlInt(expiresInSeconds === undefined ? constructors.pqInnerDataDc : constructors.pqInnerDataTempDc),
    tlBytes(pq),
    ...factors,
    nonce,
    serverNonce,
    newNonce,
    tlInt(wish.dc ?? 2),
    ...(expiresInSeconds === undefined ? [] : [tlInt(expiresInSeconds)]),
  ]);
  const offer = await call(
    Buffer.concat([
      tlInt(constructors.reqDhParams),
      nonce,
      serverNonce,
      ...factors,
      tlLong(rsa.fingerprint),
      tlBytes(wish.encryptedData ?? rsaPad(inner, rsa)),
    ]),
  );
  if (offer.uint() !== constructors.serverDhParamsOk) throw new Error('no server_DH_params_ok');
  offer.raw(32);
  const serverFirst = sha1(serverNonce, newNonce);
  const aesKey = Buffer.concat([sha1(newNonce, serverNonce), serverFirst.subarray(0, 12)]);
  const iv = Buffer.concat([serverFirst.subarray(12), sha1(newNonce, newNonce), newNonce.subarray(0, 4)]);
  const plain = decryptIge(offer.bytes(), aesKey, iv);
  const answer = new TlReader(plain.subarray(20));
  if (answer.uint() !== constructors.serverDhInnerData) throw new Error('no server_DH_inner_data');
  answer.raw(32);
  const g = BigInt(answer.int());
  const prime = BigInt(`0x${answer.bytes().toString('hex')}`);
  const gA = BigInt(`0x${answer.bytes().toString('hex')}`);
  const serverTimeS = answer.int();
  const data = plain.subarray(20, plain.length - answer.remaining);
  if (answer.remaining > 15 || !sha1(data).equals(plain.subarray(0, 20))) throw new Error('a wrong hash of the answer');
  let authKey: AuthKey | undefined;
  return {
    serverTimeS,
    setParams: (exponent, retryId = Buffer.alloc(8), gB) => {
      const b = BigInt(`0x${exponent.toString('hex')}`);
      authKey = toAuthKey(bytes256(power(gA, b, prime)));
      const body = Buffer.concat([
        tlInt(constructors.clientDhInnerData),
        nonce,
        serverNonce,
        retryId,
        tlBytes(gB ?? bytes256(power(g, b, prime))),
      ]);
      const withHash = Buffer.concat([sha1(body), body]);
      const whole = Buffer.concat([withHash, randomBytes(-withHash.length & 15)]);
      const encrypted = tlBytes(encryptIge(whole, aesKey, iv));
      return Buffer.concat([tlInt(constructors.setClientDhParams), nonce, serverNonce, encrypted]);
    },
    hashOf: (number) => sha1(newNonce, Buffer.from([number]), authKey!.auxHash).subarray(4, 20),
    get authKey() {
      return authKey!;
    },
    salt: newNonce.readBigUInt64LE() ^ serverNonce.readBigUInt64LE(),
  };
}

function rsaPad(inner: Buffer, rsa: RsaKeyPair): Buffer {
  const data = Buffer.concat([inner, randomBytes(192 - inner.length)]);
  for (;;) {
    const tempKey = randomBytes(32);
    const hash = createHash('sha256').update(tempKey).update(data).digest();
    const aes = encryptIge(Buffer.concat([Buffer.from(data).reverse(), hash]), tempKey, Buffer.alloc(32));
    const xored = createHash('sha256').update(aes).digest().map((byte, i) => byte ^ tempKey[i]!);
    const whole = Buffer.concat([xored, aes]);
    if (BigInt(`0x${whole.toString('hex')}`) < rsa.modulus) {
      const key = createPublicKey(rsa.publicKeyPem);
      return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, whole);
    }
  }
}

/** Pollard's rho. */
function factorize(pq: bigint): [bigint, bigint] {
  for (let c = 1n; ; c += 1n) {
    let [x, y, d] = [2n, 2n, 1n];
    const step = (value: bigint): bigint => (value * value + c) % pq;
    while (d === 1n) {
      x = step(x);
      y = step(step(y));
      d = gcd(x > y ? x - y : y - x, pq);
    }
    if (d !== pq) return d < pq / d ? [d, pq / d] : [pq / d, d];
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [base % modulus, exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function bigEndian(value: bigint): Buffer {
  const text = value.toString(16);
  return Buffer.from(text.length % 2 ? `0${text}` : text, 'hex');
}

function bytes256(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(512, '0'), 'hex');
}
