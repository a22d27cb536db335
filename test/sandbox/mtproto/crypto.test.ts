import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AuthKey as LibraryAuthKey } from 'telegram/crypto/AuthKey.js';
import { IGE } from 'telegram/crypto/IGE.js';
import { generateKeyDataFromNonce, readBigIntFromBuffer, returnBigInt } from 'telegram/Helpers.js';
import { MTProtoState } from 'telegram/network/MTProtoState.js';
import { LogLevel, Logger } from 'telegram/extensions/Logger.js';
import { Api } from 'telegram/tl/index.js';
import { decryptIge, encryptIge } from '../../../src/sandbox/mtproto/aes-ige.js';
import { toAuthKey } from '../../../src/sandbox/mtproto/auth-key.js';
import { DH_GENERATOR, DH_PRIME, power, toBigInt } from '../../../src/sandbox/mtproto/dh-group.js';
import { decryptMessage, deriveAesKey, encryptMessage, messageKey } from '../../../src/sandbox/mtproto/message-cipher.js';
import { fingerprintOf, generateRsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';
import { temporaryAes } from '../../../src/sandbox/mtproto/temporary-aes.js';
import { tlBytes, tlInt, tlLong } from '../../../src/sandbox/mtproto/tl-writer.js';
import { TlReader } from '../../../src/sandbox/mtproto/tl-reader.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

describe('AES-IGE', () => {
  it('gives the first vector of OpenSSL\'s igetest', () => {
    const key = hex('000102030405060708090a0b0c0d0e0f');
    const iv = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');
    const encrypted = hex('1a8519a6557be652e9da8e43da4ef4453cf456b4ca488aa383c79c98b34797cb');
    expect(encryptIge(Buffer.alloc(32), key, iv)).toEqual(encrypted);
    expect(decryptIge(encrypted, key, iv)).toEqual(Buffer.alloc(32));
  });

  it('gives the second one, which decrypts its text', () => {
    const key = Buffer.from('This is an imple');
    const iv = Buffer.from('mentation of IGE mode for OpenSS');
    const text = 'L. Let\'s hope Ben got it right!\n';
    const decrypted = hex('99706487a1cde613bc6de0b6f24b1c7aa448c8b9c3403e3467a8cad89340f53b');
    expect(decryptIge(Buffer.from(text), key, iv)).toEqual(decrypted);
    expect(encryptIge(decrypted, key, iv).toString()).toBe(text);
  });

  it.each([16, 32, 48, 160, 4096])('is c[i] = E(p[i] ^ c[i-1]) ^ p[i-1] for %i bytes', (length) => {
    const [key, iv, plain] = [randomBytes(32), randomBytes(32), randomBytes(length)];
    expect(encryptIge(plain, key, iv)).toEqual(byDefinition(plain, key, iv));
    expect(decryptIge(byDefinition(plain, key, iv), key, iv)).toEqual(plain);
  });

  it('agrees with the client library in both directions', () => {
    const [key, iv, plain] = [randomBytes(32), randomBytes(32), randomBytes(1024)];
    expect(Buffer.from(new IGE(key, iv).encryptIge(plain))).toEqual(encryptIge(plain, key, iv));
    expect(Buffer.from(new IGE(key, iv).decryptIge(plain))).toEqual(decryptIge(plain, key, iv));
  });

  it('refuses what is no whole number of blocks', () => {
    expect(() => encryptIge(Buffer.alloc(17), randomBytes(32), randomBytes(32))).toThrow(RangeError);
  });
});

function byDefinition(plain: Buffer, key: Buffer, iv: Buffer): Buffer {
  let [previousEncrypted, previousPlain] = [iv.subarray(0, 16), iv.subarray(16)];
  const blocks: Buffer[] = [];
  for (let at = 0; at < plain.length; at += 16) {
    const block = plain.subarray(at, at + 16);
    const input = block.map((byte, i) => byte ^ previousEncrypted[i]!);
    const middle = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(input);
    previousEncrypted = Buffer.from(middle.map((byte, i) => byte ^ previousPlain[i]!));
    previousPlain = block;
    blocks.push(previousEncrypted);
  }
  return Buffer.concat(blocks);
}

describe('the keys of the exchange', () => {
  it('derives the temporary AES key of the example that Telegram publishes', () => {
    const newNonce = hex('311C85DB234AA2640AFC4A76A735CF5B1F0FD68BD17FA181E1229AD867CC024D');
    const serverNonce = hex('A5CF4D33F4A11EA877BA4AA573907330');
    const { key, iv } = temporaryAes(newNonce, serverNonce);
    expect(key).toEqual(hex('F011280887C7BB01DF0FC4E17830E0B91FBB8BE4B2267CB985AE25F33B527253'));
    expect(iv).toEqual(hex('3212D579EE35452ED23E0D0C92841AA7D31B2E9BDEF2151E80D15860311C85DB'));
  });

  it('derives the temporary AES key that the client library derives', async () => {
    const [newNonce, serverNonce] = [randomBytes(32), randomBytes(16)];
    const library = await generateKeyDataFromNonce(
      readBigIntFromBuffer(serverNonce, true, true),
      readBigIntFromBuffer(newNonce, true, true),
    );
    const own = temporaryAes(newNonce, serverNonce);
    expect([Buffer.from(library.key), Buffer.from(library.iv)]).toEqual([own.key, own.iv]);
  });

  it('knows Telegram\'s own public key by the fingerprint that Telegram publishes', () => {
    // The production key of https://core.telegram.org/api/obtaining_api_id, as every client has it built in.
    const modulus = TELEGRAM_KEY_MODULUS;
    expect(fingerprintOf(modulus, hex('010001'))).toBe(-3414540481677951611n);
  });

  it('makes RSA keys of 2048 bits whose PEM says the same numbers', () => {
    const { publicKeyPem, modulus, exponent } = generateRsaKeyPair();
    expect(publicKeyPem).toContain('BEGIN RSA PUBLIC KEY');
    expect(modulus.toString(2)).toHaveLength(2048);
    expect(exponent).toBe(65537n);
  });

  it('calculates in a group whose prime is safe and whose generator is right', () => {
    const prime = toBigInt(DH_PRIME);
    expect(DH_PRIME).toHaveLength(256);
    expect(prime % 3n).toBe(2n);
    // Fermat: 2^(p-1) = 1 mod p, and the generator's order is the prime (p-1)/2.
    expect(toBigInt(power(2n, prime - 1n))).toBe(1n);
    expect(toBigInt(power(BigInt(DH_GENERATOR), (prime - 1n) / 2n))).toBe(1n);
  });

  it('pads what is shorter than 256 bytes on the left', () => {
    expect(power(2n, 9n)).toEqual(Buffer.concat([Buffer.alloc(254), hex('0200')]));
  });

  it('gives an auth key the id that the client library gives it', async () => {
    const key = randomBytes(256);
    const library = new LibraryAuthKey();
    await library.setKey(key);
    expect(BigInt.asUintN(64, BigInt(library.keyId!.toString()))).toBe(
      Buffer.from(toAuthKey(key).id, 'hex').readBigUInt64LE(),
    );
  });
});

// Telegram's production key of 2021, fingerprint 0xd09d1d85de64fd85.
const TELEGRAM_KEY_MODULUS = hex(`
  E8BB3305C0B52C6CF2AFDF7637313489E63E05268E5BADB601AF417786472E5F93B85438968E20E6729A301C0AFC121BF7151F834436F7FD
  A680847A66BF64ACCEC78EE21C0B316F0EDAFE2F41908DA7BD1F4A5107638EEB67040ACE472A14F90D9F7C2B7DEF99688BA3073ADB5750BB
  02964902A359FE745D8170E36876D4FD8A5D41B2A76CBFF9A13267EB9580B2D06D10357448D20D9DA2191CB5D8C93982961CDFDEDA629E37
  F1FB09A0722027696032FE61ED663DB7A37F6F263D370F69DB53A0DC0A1748BDAAFF6209D5645485E6E001D1953255757E4B8E42813347B1
  1DA6AB500FD0ACE7E6DFA3736199CCAF9397ED0745A427DCFA6CD67BCB1ACFF3`);

describe('encrypted messages', () => {
  const key = toAuthKey(randomBytes(256));
  const message = { salt: 5n, sessionId: '0102030405060708', msgId: 1n << 40n, seqNo: 3, body: randomBytes(64) };

  it('can be read by the other side, with 12 to 1024 bytes of padding', () => {
    for (const sender of ['client', 'server'] as const) {
      const packet = encryptMessage(message, key, sender);
      expect(decryptMessage(packet, key, sender)).toEqual(message);
      expect(packet.length - 24 - 32 - 64).toBeGreaterThanOrEqual(12);
    }
  });

  it('are those that the client library makes', async () => {
    const state = await libraryState(key.key);
    const body = new Api.Ping({ pingId: returnBigInt(77) }).getBytes();
    const data = Buffer.concat([tlLong(8n), tlInt(1), tlInt(body.length), body]);
    const read = decryptMessage(await state.encryptMessageData(data), key, 'client');
    expect(read).toMatchObject({ msgId: 8n, seqNo: 1, body });
  });

  it('are those that the client library reads', async () => {
    const state = await libraryState(key.key);
    const body = new Api.Pong({ msgId: returnBigInt(4), pingId: returnBigInt(77) }).getBytes();
    const { id } = state as unknown as { id: { toString(): string } };
    const sessionId = tlLong(BigInt(id.toString())).toString('hex');
    const msgId = (BigInt(Math.floor(Date.now() / 1000)) << 32n) + 1n;
    const read = await state.decryptMessageData(encryptMessage({ ...message, msgId, sessionId, body }, key, 'server'));
    expect((read.obj as Api.Pong).pingId.toString()).toBe('77');
  });

  it('are refused with another message key, a byte changed, a cut block or the other direction', () => {
    const packet = encryptMessage(message, key, 'client');
    const changed = Buffer.from(packet);
    changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
    expect(() => decryptMessage(changed, key, 'client')).toThrow('a wrong message key');
    expect(() => decryptMessage(packet, key, 'server')).toThrow('a wrong message key');
    expect(() => decryptMessage(packet.subarray(0, -4), key, 'client')).toThrow('a wrong length');
  });

  it('are refused with too little or too much padding, or a length that is no multiple of 4', () => {
    const withPadding = (length: number, padding: number) =>
      seal(Buffer.concat([Buffer.alloc(28), tlInt(length), Buffer.alloc(length), Buffer.alloc(padding)]), key.key, key.id);
    expect(() => decryptMessage(withPadding(8, 8), key, 'client')).toThrow('8 bytes of padding');
    expect(() => decryptMessage(withPadding(4, 1036), key, 'client')).toThrow('1036 bytes of padding');
    expect(() => decryptMessage(withPadding(18, 14), key, 'client')).toThrow('18 bytes');
    expect(decryptMessage(withPadding(4, 12), key, 'client').body).toHaveLength(4);
    expect(decryptMessage(withPadding(16, 1024), key, 'client').body).toHaveLength(16);
  });
});

/** Encrypts a plaintext as it is, without looking at what it says. */
function seal(plaintext: Buffer, key: Buffer, id: string): Buffer {
  const msgKey = messageKey(key, plaintext, 'client');
  const { aesKey, iv } = deriveAesKey(key, msgKey, 'client');
  return Buffer.concat([Buffer.from(id, 'hex'), msgKey, encryptIge(plaintext, aesKey, iv)]);
}

async function libraryState(key: Buffer): Promise<MTProtoState> {
  const authKey = new LibraryAuthKey();
  await authKey.setKey(key);
  return new MTProtoState(authKey, new Logger(LogLevel.NONE));
}

describe('TL\'s bare types', () => {
  it.each([0, 1, 2, 3, 253, 254, 255, 65_536, 70_001])('read back %i bytes as they were written', (length) => {
    const value = randomBytes(length);
    const written = tlBytes(value);
    expect(written.length % 4).toBe(0);
    const reader = new TlReader(Buffer.concat([written, tlInt(7)]));
    expect(reader.bytes().equals(value)).toBe(true);
    expect(reader.int()).toBe(7);
  });

  it('write the numbers that the description gives', () => {
    expect(tlInt(-1)).toEqual(hex('ffffffff'));
    expect(tlLong(-2n)).toEqual(hex('feffffffffffffff'));
    expect(tlBytes(Buffer.from('ab'))).toEqual(hex('02616200'));
  });

  it('are not read beyond the end', () => {
    expect(() => new TlReader(hex('05')).bytes()).toThrow('needs');
  });
});
