import { createHash, generatePrimeSync, randomBytes } from 'node:crypto';
import { decryptIge, encryptIge } from './aes-ige.js';
import { toAuthKey, type AuthKey } from './auth-key.js';
import { BrokenPacket } from './broken-packet.js';
import { constructors } from './constructors.js';
import { DH_GENERATOR, DH_PRIME, isSafePublicValue, power, toBigInt } from './dh-group.js';
import { decryptRsaPad } from './rsa-pad.js';
import type { RsaKeyPair } from './rsa-key-pair.js';
import { temporaryAes } from './temporary-aes.js';
import { TlReader } from './tl-reader.js';
import { tlBytes, tlInt, tlLong, tlVectorOfLongs } from './tl-writer.js';

/** A key that has just been agreed on. */
export interface NewAuthKey {
  authKey: AuthKey;
  /** The first server salt of the key. */
  salt: bigint;
  /** Seconds; undefined: a permanent key. */
  expiresInSeconds: number | undefined;
}

export interface HandshakeDeps {
  dcId: number;
  rsa: RsaKeyPair;
  /** Server time, ms. */
  now: () => number;
  /** False where a key with this id exists: the client is told to choose another exponent. */
  addKey: (key: NewAuthKey) => boolean;
}

/** Who is talking to whom: opens every message of the exchange. */
interface Nonces {
  nonce: Buffer;
  serverNonce: Buffer;
}

type Step =
  | { name: 'start' }
  | (Nonces & { name: 'challenged'; p: bigint; q: bigint })
  | (Nonces & {
      name: 'exchanging';
      newNonce: Buffer;
      expiresInSeconds: number | undefined;
      exponent: bigint;
      /** Of the key that was refused last; zeros in the first attempt. */
      retryId: Buffer;
    });

const NONCE = 16;
const NEW_NONCE = 32;

const sha1 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The server's side of making an auth key: https://core.telegram.org/mtproto/auth_key. One a connection. */
export class Handshake {
  private step: Step = { name: 'start' };

  constructor(private readonly deps: HandshakeDeps) {}

  /** The answer to the body of an unencrypted message; `BrokenPacket` where the client does not keep to the exchange. */
  answer(body: Buffer): Buffer {
    const reader = new TlReader(body);
    const constructor = reader.uint();
    switch (constructor) {
      case constructors.reqPq:
      case constructors.reqPqMulti:
        return this.challenge(reader);
      case constructors.reqDhParams:
        return this.offerDh(reader);
      case constructors.setClientDhParams:
        return this.finish(reader);
      default:
        throw new BrokenPacket(`${constructor.toString(16)} needs an auth key`, -404);
    }
  }

  private challenge(reader: TlReader): Buffer {
    const [a, b] = twoPrimes();
    const nonces = { nonce: reader.raw(NONCE), serverNonce: randomBytes(NONCE) };
    this.step = { name: 'challenged', ...nonces, p: a < b ? a : b, q: a < b ? b : a };
    return Buffer.concat([
      head(constructors.resPq, nonces),
      tlBytes(bigEndian(a * b)),
      tlVectorOfLongs([this.deps.rsa.fingerprint]),
    ]);
  }

  private offerDh(reader: TlReader): Buffer {
    const step = this.step;
    if (step.name !== 'challenged') throw new BrokenPacket('req_DH_params before req_pq', -404);
    expectNonces(reader, step);
    expectFactors(reader, step);
    if (BigInt.asIntN(64, reader.long()) !== this.deps.rsa.fingerprint) throw new BrokenPacket('another RSA key', -404);
    const inner = this.readInnerData(decryptRsaPad(reader.bytes(), this.deps.rsa), step);
    const exponent = toBigInt(randomBytes(256));
    const answer = Buffer.concat([
      head(constructors.serverDhInnerData, step),
      tlInt(DH_GENERATOR),
      tlBytes(DH_PRIME),
      tlBytes(power(BigInt(DH_GENERATOR), exponent)),
      tlInt(Math.floor(this.deps.now() / 1000)),
    ]);
    const withHash = Buffer.concat([sha1(answer), answer]);
    const { key, iv } = temporaryAes(inner.newNonce, step.serverNonce);
    const padded = Buffer.concat([withHash, randomBytes(-withHash.length & 15)]);
    this.step = { ...step, ...inner, name: 'exchanging', exponent, retryId: Buffer.alloc(8) };
    return Buffer.concat([head(constructors.serverDhParamsOk, step), tlBytes(encryptIge(padded, key, iv))]);
  }

  private readInnerData(data: Buffer, step: Nonces & { p: bigint; q: bigint }) {
    const reader = new TlReader(data);
    const constructor = reader.uint();
    const withDc = constructor === constructors.pqInnerDataDc || constructor === constructors.pqInnerDataTempDc;
    const temporary = constructor === constructors.pqInnerDataTemp || constructor === constructors.pqInnerDataTempDc;
    if (!withDc && !temporary && constructor !== constructors.pqInnerData) throw new BrokenPacket('not p_q_inner_data', -404);
    if (toBigInt(reader.bytes()) !== step.p * step.q) throw new BrokenPacket('another pq', -404);
    expectFactors(reader, step);
    expectNonces(reader, step);
    const newNonce = reader.raw(NEW_NONCE);
    // Test data centres are 10000 higher, media ones negative.
    if (withDc && Math.abs(reader.int()) % 10_000 !== this.deps.dcId) throw new BrokenPacket('another data centre', -404);
    return { newNonce, expiresInSeconds: temporary ? reader.int() : undefined };
  }

  private finish(reader: TlReader): Buffer {
    const step = this.step;
    if (step.name !== 'exchanging') throw new BrokenPacket('set_client_DH_params before req_DH_params', -404);
    expectNonces(reader, step);
    const publicValue = this.readClientDh(reader.bytes(), step);
    if (!isSafePublicValue(publicValue)) {
      this.step = { name: 'start' };
      return dhAnswer(constructors.dhGenFail, 3, step, toAuthKey(power(publicValue, step.exponent)));
    }
    const authKey = toAuthKey(power(publicValue, step.exponent));
    const salt = xorLongs(step.newNonce, step.serverNonce);
    if (!this.deps.addKey({ authKey, salt, expiresInSeconds: step.expiresInSeconds })) {
      this.step = { ...step, retryId: authKey.auxHash };
      return dhAnswer(constructors.dhGenRetry, 2, step, authKey);
    }
    this.step = { name: 'start' };
    return dhAnswer(constructors.dhGenOk, 1, step, authKey);
  }

  /** g_b, once its hash, the nonces and the retry id have been checked. */
  private readClientDh(encrypted: Buffer, step: Nonces & { newNonce: Buffer; retryId: Buffer }): bigint {
    if (encrypted.length % 16 !== 0) throw new BrokenPacket('encrypted_data is no whole number of blocks', -404);
    const { key, iv } = temporaryAes(step.newNonce, step.serverNonce);
    const plain = decryptIge(encrypted, key, iv);
    const data = plain.subarray(20);
    const reader = new TlReader(data);
    if (reader.uint() !== constructors.clientDhInnerData) throw new BrokenPacket('not client_DH_inner_data', -404);
    expectNonces(reader, step);
    const retryId = reader.raw(8);
    const publicValue = reader.bytes();
    const padding = reader.remaining;
    if (padding > 15 || !sha1(data.subarray(0, data.length - padding)).equals(plain.subarray(0, 20))) {
      throw new BrokenPacket('client_DH_inner_data has another hash', -404);
    }
    if (!retryId.equals(step.retryId)) throw new BrokenPacket('another retry_id', -404);
    return toBigInt(publicValue);
  }
}

function head(constructor: number, { nonce, serverNonce }: Nonces): Buffer {
  return Buffer.concat([tlInt(constructor), nonce, serverNonce]);
}

function expectNonces(reader: TlReader, { nonce, serverNonce }: Nonces): void {
  if (!reader.raw(NONCE).equals(nonce) || !reader.raw(NONCE).equals(serverNonce)) {
    throw new BrokenPacket('another nonce', -404);
  }
}

function expectFactors(reader: TlReader, { p, q }: { p: bigint; q: bigint }): void {
  if (toBigInt(reader.bytes()) !== p || toBigInt(reader.bytes()) !== q) throw new BrokenPacket('wrong factors', -404);
}

function dhAnswer(
  constructor: number,
  number: 1 | 2 | 3,
  step: Nonces & { newNonce: Buffer },
  authKey: AuthKey,
): Buffer {
  const hash = sha1(step.newNonce, Buffer.from([number]), authKey.auxHash).subarray(4, 20);
  return Buffer.concat([head(constructor, step), hash]);
}

function xorLongs(a: Buffer, b: Buffer): bigint {
  return a.readBigUInt64LE(0) ^ b.readBigUInt64LE(0);
}

/** Two different primes of 31 bits: their product is below 2^63, as Telegram's is. */
function twoPrimes(): [bigint, bigint] {
  const a = generatePrimeSync(31, { bigint: true });
  const b = generatePrimeSync(31, { bigint: true });
  return a === b ? twoPrimes() : [a, b];
}

function bigEndian(value: bigint): Buffer {
  return Buffer.from(tlLong(value)).reverse();
}
