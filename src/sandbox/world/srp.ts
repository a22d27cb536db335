import { createHash, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Telegram's published 2048-bit safe prime; clients refuse others that they do not know. */
const PRIME_HEX =
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4db' +
  'fa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64' +
  '2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b41' +
  '0dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
  'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf' +
  '6f4fadf034b10403119cd8e3b92fcc5b';

export const SRP_PRIME = Buffer.from(PRIME_HEX, 'hex');
export const SRP_GENERATOR = 3;

const P = BigInt(`0x${PRIME_HEX}`);
const G = BigInt(SRP_GENERATOR);
const ITERATIONS = 100_000;

/** What the server keeps of a password: two salts and v = g^x. The password itself is not kept. */
export interface PasswordVerifier {
  salt1: Buffer;
  salt2: Buffer;
  verifier: bigint;
}

/** One exchange of the protocol, from `account.getPassword` to `auth.checkPassword`. */
export interface SrpExchange {
  secretB: bigint;
  publicB: Buffer;
}

/**
 * x of Telegram's two-factor check (core.telegram.org/api/srp): SH(data, salt) = H(salt|data|salt);
 * PH1 = SH(SH(password, salt1), salt2); PH2 = SH(pbkdf2(sha512, PH1, salt1, 100000), salt2). Blocks for about 50 ms.
 */
export function makePasswordVerifier(password: string): PasswordVerifier {
  const salt1 = Buffer.concat([Buffer.from('sandbox1'), randomBytes(32)]);
  const salt2 = randomBytes(16);
  const once = salted(salted(Buffer.from(password, 'utf8'), salt1), salt2);
  const stretched = pbkdf2Sync(once, salt1, ITERATIONS, 64, 'sha512');
  return { salt1, salt2, verifier: power(G, toBigInt(salted(stretched, salt2))) };
}

/** Draws b and makes B = (k·v + g^b) mod p with k = H(p|g). */
export function beginSrp(password: PasswordVerifier): SrpExchange {
  const secretB = toBigInt(randomBytes(256));
  const publicB = (multiplier() * password.verifier + power(G, secretB)) % P;
  return { secretB, publicB: toBytes(publicB) };
}

/**
 * Whether the client knows the password: its M1 must be
 * H(H(p) xor H(g) | H(salt1) | H(salt2) | A | B | H(S)), S = (A·v^u)^b, u = H(A|B). An A of 0 mod p is refused, as it
 * would make S known to everybody.
 */
export function checkSrp(password: PasswordVerifier, exchange: SrpExchange, publicA: Buffer, proof: Buffer): boolean {
  const a = toBigInt(publicA);
  if (publicA.length > 256 || a % P === 0n) return false;
  const aBytes = toBytes(a);
  const u = toBigInt(sha256(aBytes, exchange.publicB));
  const shared = power((a * power(password.verifier, u)) % P, exchange.secretB);
  const primeHash = sha256(SRP_PRIME);
  const generatorHash = sha256(toBytes(G));
  const expected = sha256(
    Buffer.from(primeHash.map((byte, index) => byte ^ (generatorHash[index] ?? 0))),
    sha256(password.salt1),
    sha256(password.salt2),
    aBytes,
    exchange.publicB,
    sha256(toBytes(shared)),
  );
  return proof.length === expected.length && timingSafeEqual(proof, expected);
}

function multiplier(): bigint {
  return toBigInt(sha256(SRP_PRIME, toBytes(G)));
}

function salted(data: Buffer, salt: Buffer): Buffer {
  return sha256(salt, data, salt);
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function toBigInt(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}

/** Big-endian, padded to the 256 bytes over which all hashes of the protocol go. */
function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(512, '0'), 'hex');
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
