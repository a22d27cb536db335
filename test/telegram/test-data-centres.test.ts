import { generateKeyPairSync } from 'node:crypto';
import { _serverKeys as trustedKeys } from 'telegram/crypto/RSA.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { generateRsaKeyPair } from '../../src/sandbox/mtproto/rsa-key-pair.js';
import { loadTestDataCentres, parseTestDataCentres, trustOnly } from '../../src/telegram/test-data-centres.js';
import { recordedLog } from '../support/silent-log.js';

const key = generateRsaKeyPair();
const telegramsKeys = new Map(trustedKeys);

afterEach(() => {
  trustedKeys.clear();
  for (const [fingerprint, value] of telegramsKeys) trustedKeys.set(fingerprint, value);
});

describe('parseTestDataCentres', () => {
  it('reads data centre 2 and the numbered ones', () => {
    const { addresses } = parseTestDataCentres('127.0.0.1:10002, 4=localhost:10004,5=[::1]:10005', key.publicKeyPem);
    expect([...addresses]).toEqual([
      [2, { host: '127.0.0.1', port: 10_002 }],
      [4, { host: 'localhost', port: 10_004 }],
      [5, { host: '::1', port: 10_005 }],
    ]);
  });

  it.each([
    ['149.154.167.50:443'],
    ['telegram.org:443'],
    ['127.0.0.1.example.org:443'],
    ['0.0.0.0:443'],
    ['10.0.0.1:443'],
    ['[::ffff:1.2.3.4]:443'],
  ])('refuses %s, which is not this machine', (value) => {
    expect(() => parseTestDataCentres(value, key.publicKeyPem)).toThrow(/not this machine/);
  });

  it.each([['127.0.0.1'], ['127.0.0.1:0'], ['127.0.0.1:70000'], ['9=127.0.0.1:1'], [''], ['2=127.0.0.1:1,127.0.0.1:2']])(
    'refuses %j',
    (value) => {
      expect(() => parseTestDataCentres(value, key.publicKeyPem)).toThrow(ConfigError);
    },
  );

  it('names every problem at once', () => {
    const attempt = (): unknown => parseTestDataCentres('1.2.3.4:1,nonsense', 'no key');
    expect(attempt).toThrow(ConfigError);
    try {
      attempt();
    } catch (error) {
      expect((error as ConfigError).issues).toHaveLength(3);
    }
  });

  it('refuses a key that is not RSA, and one that is not there', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(() => parseTestDataCentres('127.0.0.1:1', pem)).toThrow(/TELEGRAM_TEST_DC_KEY/);
    expect(() => loadTestDataCentres('127.0.0.1:1', '/nonexistent/key.pem')).toThrow(/cannot read/);
  });
});

describe('trustOnly', () => {
  it.each(['pkcs1', 'spki'] as const)("puts a %s key in the place of Telegram's, and says so", async (type) => {
    const { createPublicKey } = await import('node:crypto');
    const pem = createPublicKey(key.publicKeyPem).export({ type, format: 'pem' }).toString();
    const { log, lines } = recordedLog();
    trustOnly(parseTestDataCentres('127.0.0.1:10002', pem), log);
    expect([...trustedKeys.keys()]).toEqual([key.fingerprint.toString()]);
    expect(trustedKeys.get(key.fingerprint.toString())?.n.toString()).toBe(key.modulus.toString());
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 40, addresses: '2=127.0.0.1:10002' });
  });

  it('leaves the table untouched where it is not called', () => {
    parseTestDataCentres('127.0.0.1:10002', key.publicKeyPem);
    expect([...trustedKeys.keys()]).toEqual([...telegramsKeys.keys()]);
  });
});
