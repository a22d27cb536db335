import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { _serverKeys as trustedKeys } from 'telegram/crypto/RSA.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { ConfigError, errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';

/** Where a data centre listens. */
export interface DataCentreAddress {
  host: string;
  port: number;
}

/** Data centres on this machine that stand in for Telegram's: addresses by number, and the key that proves them. */
export interface TestDataCentres {
  readonly addresses: ReadonlyMap<number, DataCentreAddress>;
  readonly publicKeyPem: string;
}

const DEFAULT_DC = 2;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function parseAddress(part: string): { dcId: number; address: DataCentreAddress } | string {
  const match = /^(?:([1-5])=)?(?:\[([^\]]+)\]|([^:=[\]]+)):(\d{1,5})$/.exec(part);
  const host = match?.[2] ?? match?.[3];
  const port = Number(match?.[4]);
  if (host === undefined || port < 1 || port > 65_535) {
    return `TELEGRAM_TEST_DC: "${part}" is not host:port or number=host:port`;
  }
  if (!isLoopback(host)) {
    return `TELEGRAM_TEST_DC: ${host} is not this machine; test data centres are for 127.0.0.0/8, ::1 and localhost alone`;
  }
  return { dcId: Number(match?.[1] ?? DEFAULT_DC), address: { host, port } };
}

/**
 * Reads `TELEGRAM_TEST_DC`: `host:port` for data centre 2, `4=host:port` for a further one, separated by commas.
 * Loopback addresses alone; `ConfigError` names every part that is wrong.
 */
export function parseTestDataCentres(value: string, publicKeyPem: string): TestDataCentres {
  const addresses = new Map<number, DataCentreAddress>();
  const issues: string[] = [];
  for (const part of value.split(',').map((piece) => piece.trim())) {
    const parsed = parseAddress(part);
    if (typeof parsed === 'string') issues.push(parsed);
    else if (addresses.has(parsed.dcId)) issues.push(`TELEGRAM_TEST_DC: data centre ${parsed.dcId} is given twice`);
    else addresses.set(parsed.dcId, parsed.address);
  }
  try {
    readRsaKey(publicKeyPem);
  } catch (error) {
    issues.push(`TELEGRAM_TEST_DC_KEY: not an RSA public key in PEM (${errorText(error)})`);
  }
  if (issues.length > 0) throw new ConfigError(issues);
  return { addresses, publicKeyPem };
}

/** The same, with the key in a file, as `TELEGRAM_TEST_DC_KEY` has it. */
export function loadTestDataCentres(value: string, publicKeyPath: string): TestDataCentres {
  let publicKeyPem: string;
  try {
    publicKeyPem = readFileSync(publicKeyPath, 'utf8');
  } catch (error) {
    throw new ConfigError([`TELEGRAM_TEST_DC_KEY: cannot read ${publicKeyPath} (${errorText(error)})`]);
  }
  return parseTestDataCentres(value, publicKeyPem);
}

/**
 * Makes this process trust the test data centres' key and no other, so that it cannot talk to the real Telegram even by
 * mistake: Telegram's own keys leave the library's table for good.
 */
export function trustOnly(testDc: TestDataCentres, log: Logger): void {
  const key = readRsaKey(testDc.publicKeyPem);
  if (trustedKeys.size === 1 && trustedKeys.has(key.fingerprint)) return;
  trustedKeys.clear();
  trustedKeys.set(key.fingerprint, { n: returnBigInt(key.modulus), e: key.exponent });
  const addresses = [...testDc.addresses].map(([dcId, { host, port }]) => `${dcId}=${host}:${port}`).join(',');
  log.warn({ addresses }, 'test data centres in use: this process does not talk to Telegram');
}

interface RsaKey {
  modulus: bigint;
  exponent: number;
  fingerprint: string;
}

/** Fingerprint as in https://core.telegram.org/mtproto/auth_key: low 64 bits of SHA1 of the bare `rsa_public_key`. */
function readRsaKey(pem: string): RsaKey {
  const jwk = createPublicKey(pem).export({ format: 'jwk' });
  if (jwk.kty !== 'RSA' || jwk.n === undefined || jwk.e === undefined) throw new TypeError('the key is not an RSA key');
  const n = Buffer.from(jwk.n, 'base64url');
  const e = Buffer.from(jwk.e, 'base64url');
  const fingerprint = createHash('sha1').update(tlBytes(n)).update(tlBytes(e)).digest().readBigInt64LE(12);
  return {
    modulus: BigInt(`0x${n.toString('hex')}`),
    exponent: e.readUIntBE(0, e.length),
    fingerprint: fingerprint.toString(),
  };
}

/** A TL `bytes`: length (1 byte, or 254 and 3 bytes), the bytes, padding to a multiple of four. */
function tlBytes(bytes: Buffer): Buffer {
  const length = bytes.length;
  const head = length < 254 ? Buffer.from([length]) : Buffer.from([254, length & 255, (length >> 8) & 255, length >> 16]);
  const padding = Buffer.alloc((4 - ((head.length + length) % 4)) % 4);
  return Buffer.concat([head, bytes, padding]);
}
