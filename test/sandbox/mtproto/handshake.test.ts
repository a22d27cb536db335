import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api } from 'telegram/tl/index.js';
import { toAuthKey } from '../../../src/sandbox/mtproto/auth-key.js';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import { DataCentre } from '../../../src/sandbox/mtproto/data-centre.js';
import { detectFraming } from '../../../src/sandbox/mtproto/detect-framing.js';
import { Handshake, type NewAuthKey } from '../../../src/sandbox/mtproto/handshake.js';
import { generateRsaKeyPair, type RsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';
import { TlReader } from '../../../src/sandbox/mtproto/tl-reader.js';
import { tlInt, tlLong } from '../../../src/sandbox/mtproto/tl-writer.js';
import { transports } from './client-transports.js';
import { RawClient, ping, wrapped } from './raw-client.js';
import { exchangeDh } from './raw-exchange.js';
import { TinyHandler } from './tiny-handler.js';

let rsa: RsaKeyPair;
let centre: DataCentre;
let port: number;
const clients: RawClient[] = [];
const silent = { debug: () => undefined, warn: () => undefined };

beforeAll(() => {
  rsa = generateRsaKeyPair();
});

beforeEach(async () => {
  centre = new DataCentre({ id: 2, rsa, handler: new TinyHandler(), now: Date.now, log: silent });
  port = await centre.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await centre.stop();
});

async function dial(transport?: string): Promise<RawClient> {
  const client = await RawClient.connect(port, transport === undefined ? undefined : transports[transport]!());
  clients.push(client);
  return client;
}

describe('every transport, on the one port', () => {
  it.each(Object.keys(transports))('%s: a key is made and a request answered', async (name) => {
    const client = await dial(name);
    const { constructor_, hash, exchange } = await client.handshake(rsa);
    expect(constructor_).toBe(constructors.dhGenOk);
    expect(hash).toEqual(exchange.hashOf(1));
    const id = client.send(wrapped(new Api.help.GetConfig().getBytes()));
    const config = await client.result(id);
    expect(config.readUInt32LE()).toBe(new Api.Config({} as never).CONSTRUCTOR_ID);
    expect(centre.connections()).toMatchObject([
      { transport: name, authKeyId: client.key.id, sessionId: client.sessionId },
    ]);
  });

  it.each(Object.keys(transports))('%s: an unknown key is answered with -404 and the end', async (name) => {
    const client = await dial(name);
    client.authKey = toAuthKey(randomBytes(256));
    client.send(ping(1n));
    expect(await client.transportError()).toBe(-404);
    await client.untilClosed();
  });

  it.each(Object.keys(transports))('%s: a packet of half a megabyte goes through', async (name) => {
    const client = await dial(name);
    client.authKey = toAuthKey(centre.createAuthKey().key);
    await client.learnSalt();
    const bytes = randomBytes(512 * 1024);
    const request = new Api.upload.SaveFilePart({ fileId: 1 as never, filePart: 0, bytes });
    const id = client.send(wrapped(request.getBytes()));
    expect(await client.error(id)).toEqual({ code: 400, message: 'METHOD_NOT_KNOWN_HERE' });
  });

  it('the bytes may come one at a time', () => {
    const { framing, rest } = detectFraming(transports.full!().wrap(Buffer.alloc(40, 7)))!;
    const packets = [...rest].flatMap((byte) => framing.decode(Buffer.from([byte])));
    expect(packets).toEqual([Buffer.alloc(40, 7)]);
  });

  it.each([
    ['a CRC32 that is wrong', (packet: Buffer) => Buffer.concat([packet.subarray(0, -1), Buffer.from([packet.at(-1)! ^ 1])])],
    ['a length that is negative', () => Buffer.from('ffffffff00000000', 'hex')],
    ['a length beyond any', () => Buffer.from('0000007f00000000', 'hex')],
    ['HTTP', () => Buffer.from('GET / HTTP/1.1\r\nHost: telegram.example\r\nUser-Agent: somebody\r\n\r\n')],
  ])('%s ends the connection', async (_, spoil) => {
    const client = await dial();
    client.writeRaw(spoil(transports.full!().wrap(Buffer.alloc(40))));
    await client.untilClosed();
  });

  it('a number out of order in the transport "full" ends the connection', async () => {
    const client = await dial();
    await client.handshake(rsa);
    client.writeRaw(transports.full!().wrap(Buffer.alloc(40)));
    await client.untilClosed();
  });
});

describe('the exchange', () => {
  it('tells the server\'s time and makes a key that is 256 bytes whatever its number', async () => {
    const client = await dial();
    const { exchange } = await client.handshake(rsa);
    expect(Math.abs(exchange.serverTimeS - Date.now() / 1000)).toBeLessThan(5);
    expect(client.key.key).toHaveLength(256);
  });

  it.each([-2, 10_002])('is allowed for the twin %i of the data centre', async (dc) => {
    const client = await dial();
    expect((await client.handshake(rsa, { dc })).constructor_).toBe(constructors.dhGenOk);
  });

  it.each([
    ['another data centre', { dc: 3 }],
    ['p and q the wrong way round', { wrongFactors: true }],
    ['data that is not encrypted for this key', { encryptedData: randomBytes(256).fill(0, 0, 1) }],
    ['data of a wrong length', { encryptedData: randomBytes(255) }],
  ])('ends with %s', async (_, wish) => {
    const client = await dial();
    await Promise.all([expect(client.handshake(rsa, wish)).rejects.toThrow('the connection was closed'), client.untilClosed()]);
  });

  it('fails with new_nonce_hash3 where g_b is 1', async () => {
    const client = await dial();
    const exchange = await exchangeDh((body) => client.plainCall(body), rsa, {});
    const answer = await client.plainCall(exchange.setParams(randomBytes(256), Buffer.alloc(8), Buffer.from([1])));
    expect(answer.uint()).toBe(constructors.dhGenFail);
  });

  it('asks for another exponent where the key exists already, and takes the retry only with its id', async () => {
    const answers = [false, true];
    const made: NewAuthKey[] = [];
    const addKey = (key: NewAuthKey): boolean => {
      made.push(key);
      return answers.shift()!;
    };
    const handshake = new Handshake({ dcId: 2, rsa, now: Date.now, addKey });
    const call = (body: Buffer) => Promise.resolve(new TlReader(handshake.answer(body)));
    const exchange = await exchangeDh(call, rsa, {});
    const first = await call(exchange.setParams(randomBytes(256)));
    expect(first.uint()).toBe(constructors.dhGenRetry);
    first.raw(32);
    expect(first.raw(16)).toEqual(exchange.hashOf(2));
    const retryId = exchange.authKey.auxHash;
    expect(() => handshake.answer(exchange.setParams(randomBytes(256)))).toThrow('another retry_id');
    const second = await call(exchange.setParams(randomBytes(256), retryId));
    expect(second.uint()).toBe(constructors.dhGenOk);
    expect(made.map(({ authKey }) => authKey.id)).toEqual([expect.any(String), exchange.authKey.id]);
    expect(made[1]!.salt).toBe(exchange.salt);
  });

  it('answers what needs a key, but has none, with -404', async () => {
    const client = await dial();
    client.writePacket(Buffer.concat([tlLong(0n), tlLong(client.nextId()), tlInt(12), ping(1n)]));
    expect(await client.transportError()).toBe(-404);
    await client.untilClosed();
  });

  it('keeps to its order', async () => {
    const handshake = new Handshake({ dcId: 2, rsa, now: Date.now, addKey: () => true });
    const call = (body: Buffer) => Promise.resolve(new TlReader(handshake.answer(body)));
    expect(() => handshake.answer(tlInt(constructors.reqDhParams))).toThrow('before req_pq');
    expect(() => handshake.answer(tlInt(constructors.setClientDhParams))).toThrow('before req_DH_params');
    const exchange = await exchangeDh(call, rsa, {});
    const body = exchange.setParams(randomBytes(256));
    handshake.answer(body);
    expect(() => handshake.answer(body)).toThrow('before req_DH_params');
  });
});
