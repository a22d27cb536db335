import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Api } from 'telegram/tl/index.js';
import { encryptIge } from '../../../src/sandbox/mtproto/aes-ige.js';
import type { AuthKey } from '../../../src/sandbox/mtproto/auth-key.js';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import { tlBytes, tlInt, tlLong } from '../../../src/sandbox/mtproto/tl-writer.js';
import { ping, wrapped, type RawClient } from './raw-client.js';
import { getConfig, getState, useBench } from './test-bench.js';

const bench = useBench();
const DAY_S = 86_400;

interface Wish {
  nonce?: bigint;
  sessionId?: string;
  expiresAtS?: number;
  msgId?: bigint;
}

const sha1 = (...parts: Buffer[]): Buffer => createHash('sha1').update(Buffer.concat(parts)).digest();

/** auth.bindTempAuthKey; `wish` is what the proof says and the request does not. Returns the id of the request. */
function bind(temporary: RawClient, permanent: AuthKey, wish: Wish = {}): bigint {
  const msgId = temporary.nextId();
  const nonce = 77n;
  const expiresAtS = wish.expiresAtS ?? Math.floor(Date.now() / 1000) + DAY_S / 2;
  const inner = Buffer.concat([
    tlInt(constructors.bindAuthKeyInner),
    tlLong(wish.nonce ?? nonce),
    Buffer.from(temporary.key.id + permanent.id + (wish.sessionId ?? temporary.sessionId), 'hex'),
    tlInt(expiresAtS),
  ]);
  const plain = Buffer.concat([randomBytes(16), tlLong(wish.msgId ?? msgId), tlInt(0), tlInt(40), inner]);
  const msgKey = sha1(plain).subarray(4, 20);
  const key = permanent.key;
  const [a, b, c, d] = [
    sha1(msgKey, key.subarray(0, 32)),
    sha1(key.subarray(32, 48), msgKey, key.subarray(48, 64)),
    sha1(key.subarray(64, 96), msgKey),
    sha1(msgKey, key.subarray(96, 128)),
  ] as const;
  const aesKey = Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]);
  const iv = Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]);
  const padded = Buffer.concat([plain, randomBytes(-plain.length & 15)]);
  const proof = Buffer.concat([Buffer.from(permanent.id, 'hex'), msgKey, encryptIge(padded, aesKey, iv)]);
  const permanentId = Buffer.from(permanent.id, 'hex');
  const body = [tlInt(constructors.bindTempAuthKey), permanentId, tlLong(nonce), tlInt(expiresAtS), tlBytes(proof)];
  return temporary.send(Buffer.concat(body), { msgId });
}

async function temporary(): Promise<RawClient> {
  const client = await bench.dial();
  await client.handshake(bench.rsa, { expiresInSeconds: DAY_S });
  return client;
}

describe('a temporary key', () => {
  it('stands for the permanent one once it is bound, for requests and for updates', async () => {
    const permanent = await bench.ready();
    const client = await temporary();
    expect((await client.result(bind(client, permanent.key))).readUInt32LE()).toBe(constructors.boolTrue);
    await client.result(client.send(wrapped(getConfig())));
    expect(bench.handler.seen.at(-1)!.caller.authKeyId).toBe(permanent.key.id);
    bench.centre.push(permanent.key.id, new Api.UpdatesTooLong());
    await client.next(0xe317af7e);
    await permanent.next(0xe317af7e);
  });

  it('may ask for little before', async () => {
    const client = await temporary();
    await client.result(client.send(wrapped(getConfig())));
    expect(await client.error(client.send(getState()))).toEqual({ code: 401, message: 'AUTH_KEY_PERM_EMPTY' });
  });

  it.each([
    ['another nonce', { nonce: 1n }],
    ['another session', { sessionId: '0000000000000000' }],
    ['another message', { msgId: 4n }],
  ])('is not bound by a proof with %s', async (_, wish) => {
    const permanent = await bench.ready();
    const client = await temporary();
    const answer = await client.error(bind(client, permanent.key, wish));
    expect(answer).toEqual({ code: 400, message: 'ENCRYPTED_MESSAGE_INVALID' });
  });

  it('is not bound to a key that the proof is not encrypted with', async () => {
    const permanent = await bench.ready();
    const client = await temporary();
    const thief = { ...permanent.key, key: randomBytes(256) };
    expect((await client.error(bind(client, thief))).message).toBe('ENCRYPTED_MESSAGE_INVALID');
  });

  it('is not bound a second time to another key, nor is a permanent one bound', async () => {
    const [one, two] = [await bench.ready(), await bench.ready()];
    const client = await temporary();
    await client.result(bind(client, one.key));
    expect((await client.error(bind(client, two.key))).message).toBe('TEMP_AUTH_KEY_ALREADY_BOUND');
    expect((await client.result(bind(client, one.key))).readUInt32LE()).toBe(constructors.boolTrue);
    expect((await one.error(bind(one, two.key))).message).toBe('TEMP_AUTH_KEY_EMPTY');
    const past = bind(client, one.key, { expiresAtS: 1 });
    expect((await client.error(past)).message).toBe('EXPIRES_AT_INVALID');
  });

  it('is unknown when it is over, and when its permanent key is forgotten', async () => {
    const permanent = await bench.ready();
    const client = await temporary();
    await client.result(bind(client, permanent.key));
    bench.clock.aheadMs = client.clockOffsetMs = (DAY_S / 2 + 1) * 1000;
    client.send(ping(1n));
    expect(await client.transportError()).toBe(-404);
    bench.clock.aheadMs = 0;
    const other = await temporary();
    await other.result(bind(other, permanent.key));
    bench.centre.forgetKey(permanent.key.id);
    other.send(ping(1n));
    expect(await other.transportError()).toBe(-404);
  });
});
