import { gzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import { ReceivedMessages } from '../../../src/sandbox/mtproto/received-messages.js';
import { tlBytes, tlInt, tlLong, tlVectorOfLongs } from '../../../src/sandbox/mtproto/tl-writer.js';
import { ping, type RawClient } from './raw-client.js';
import { getConfig, getState, useBench } from './test-bench.js';

const bench = useBench();

interface Part {
  msgId: bigint;
  seqNo: number;
  body: Buffer;
}

function container(parts: readonly Part[]): Buffer {
  const bytes = parts.map(({ msgId, seqNo, body }) =>
    Buffer.concat([tlLong(msgId), tlInt(seqNo), tlInt(body.length), body]),
  );
  return Buffer.concat([tlInt(constructors.msgContainer), tlInt(parts.length), ...bytes]);
}

function part(client: RawClient, body: Buffer, isContent = true): Part {
  return { msgId: client.nextId(), seqNo: client.nextSeqNo(isContent), body };
}

/** The code of the bad_msg_notification for a message, after what it says of it was compared. */
async function badCode(client: RawClient, msgId: bigint, seqNo?: number): Promise<number> {
  const { reader } = await client.next(
    constructors.badMsgNotification,
    (message) => message.reader.peekRest().readBigUInt64LE() === msgId,
  );
  reader.long();
  const told = reader.int();
  if (seqNo !== undefined) expect(told).toBe(seqNo);
  return reader.int();
}

const SECOND = 1n << 32n;

describe('the salt', () => {
  it('that is wrong gets 48 and the right one, and the message is not carried out', async () => {
    const client = await bench.ready();
    const before = bench.handler.seen.length;
    const msgId = client.send(getState(), { salt: client.salt ^ 1n });
    const { reader } = await client.next(constructors.badServerSalt);
    expect([reader.long(), reader.int() % 2, reader.int(), reader.long()]).toEqual([msgId, 1, 48, client.salt]);
    expect(bench.handler.seen).toHaveLength(before);
  });

  it('changes after 30 minutes, and the one before holds for 30 more', async () => {
    const client = await bench.ready();
    const first = client.salt;
    bench.clock.aheadMs = client.clockOffsetMs = 31 * 60_000;
    await client.result(client.send(getState(), { salt: first }));
    bench.clock.aheadMs = client.clockOffsetMs = 61 * 60_000;
    client.send(getState(), { salt: first });
    const { reader } = await client.next(constructors.badServerSalt);
    reader.raw(16);
    expect(reader.long()).not.toBe(first);
  });

  it('is told in advance by get_future_salts', async () => {
    const client = await bench.ready();
    const msgId = client.send(Buffer.concat([tlInt(constructors.getFutureSalts), tlInt(3)]));
    const { reader } = await client.next(constructors.futureSalts);
    expect(reader.long()).toBe(msgId);
    reader.int();
    expect(reader.int()).toBe(3);
    const salts = [0, 1, 2].map(() => ({ since: reader.int(), until: reader.int(), salt: reader.long() }));
    expect(salts[0]!.salt).toBe(client.salt);
    expect(salts.map(({ since, until }) => until - since)).toEqual([3600, 3600, 3600]);
    expect(salts[1]!.since - salts[0]!.since).toBe(1800);
    bench.clock.aheadMs = client.clockOffsetMs = 65 * 60_000;
    await client.result(client.send(getState(), { salt: salts[2]!.salt }));
  });
});

describe('the id of a message', () => {
  it.each([
    ['300 s behind', -305n, 16],
    ['30 s ahead', 35n, 17],
  ])('that is more than %s is refused', async (_, seconds, code) => {
    const client = await bench.ready();
    const msgId = client.send(ping(1n), { msgId: client.nextId() + seconds * SECOND });
    expect(await badCode(client, msgId)).toBe(code);
  });

  it.each([-290n, 25n])('that is %i s off is taken', async (seconds) => {
    const client = await bench.dial();
    client.authKey = (await bench.ready()).key;
    await client.learnSalt();
    client.send(ping(5n), { msgId: client.nextId() + seconds * SECOND });
    await client.next(constructors.pong);
  });

  it.each([1n, 2n, 3n])('that is %i modulo 4 gets 18', async (rest) => {
    const client = await bench.ready();
    const msgId = client.send(ping(1n), { msgId: client.nextId() + rest });
    expect(await badCode(client, msgId)).toBe(18);
  });

  it('of a container that was used before gets 19', async () => {
    const client = await bench.ready();
    const inner = part(client, ping(1n));
    const msgId = client.send(container([inner]), { isContent: false });
    await client.next(constructors.pong);
    client.send(container([inner]), { msgId, seqNo: client.nextSeqNo(false) });
    expect(await badCode(client, msgId)).toBe(19);
  });

  it('that is older than all that the session remembers gets 20', () => {
    const received = new ReceivedMessages();
    for (let i = 1; i <= 3000; i += 1) received.add({ msgId: BigInt(i * 4), seqNo: i * 2, isContainer: false });
    expect(received.isForgotten(4n)).toBe(true);
    expect(received.find(4n)).toBeUndefined();
    expect(received.isForgotten(3000n * 4n)).toBe(false);
  });

  it('may be old in a container that is not', async () => {
    const client = await bench.ready();
    const old = { msgId: client.nextId() - 1000n * SECOND, seqNo: 0, body: ping(8n) };
    const msgId = client.send(container([old]), { isContent: false });
    expect(msgId > old.msgId).toBe(true);
    const { reader } = await client.next(constructors.pong);
    expect(reader.long()).toBe(old.msgId);
  });
});

describe('the sequence number', () => {
  it('must be odd for a request: 35', async () => {
    const client = await bench.ready();
    const seqNo = client.nextSeqNo(false);
    const msgId = client.send(getState(), { seqNo });
    expect(await badCode(client, msgId, seqNo)).toBe(35);
  });

  it('must be even for a container: 34', async () => {
    const client = await bench.ready();
    expect(await badCode(client, client.send(container([part(client, ping(1n))])))).toBe(34);
  });

  it.each([true, false])('of an acknowledgement may be either, as clients differ (content: %s)', async (isContent) => {
    const client = await bench.ready();
    const ack = Buffer.concat([tlInt(constructors.msgsAck), tlVectorOfLongs([1n])]);
    client.send(ack, { isContent });
    await client.result(client.send(getState()));
    expect(client.received.map(({ constructor_ }) => constructor_)).not.toContain(constructors.badMsgNotification);
  });

  it('that is too low for the id gets 32', async () => {
    const client = await bench.ready();
    await client.result(client.send(getState()));
    const msgId = client.send(getState(), { seqNo: 1 });
    expect(await badCode(client, msgId, 1)).toBe(32);
  });

  it('that was used by a lower id gets 32', async () => {
    const client = await bench.ready();
    const seqNo = client.nextSeqNo(true);
    await client.result(client.send(getState(), { seqNo }));
    expect(await badCode(client, client.send(getState(), { seqNo }))).toBe(32);
  });

  it('that is too high for the id gets 33', async () => {
    const client = await bench.ready();
    const early = client.nextId();
    await client.result(client.send(getState()));
    expect(await badCode(client, client.send(getState(), { msgId: early, seqNo: 99 }))).toBe(33);
  });

  it('may be missing some, and messages may come in another order than their ids', async () => {
    const client = await bench.ready();
    const early = part(client, getState());
    client.nextSeqNo(true);
    const late = part(client, getState());
    client.send(late.body, late);
    client.send(early.body, early);
    await client.result(late.msgId);
    await client.result(early.msgId);
  });
});

describe('a container', () => {
  it('carries out all its messages', async () => {
    const client = await bench.ready();
    const parts = [part(client, getState()), part(client, ping(3n)), part(client, getConfig())];
    client.send(container(parts), { isContent: false });
    await client.result(parts[0]!.msgId);
    await client.next(constructors.pong);
    await client.result(parts[2]!.msgId);
  });

  it('with a message whose id is not lower than its own gets 64', async () => {
    const client = await bench.ready();
    const own = client.nextId();
    const msgId = client.send(container([part(client, ping(1n))]), { msgId: own, isContent: false });
    expect(await badCode(client, msgId)).toBe(64);
  });

  it.each([
    ['more messages than it says', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(16)])],
    ['fewer messages than it says', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), tlInt(2), bytes.subarray(8)])],
    ['1021 messages', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4), tlInt(1021), bytes.subarray(8)])],
  ])('with %s gets 64', async (_, spoil) => {
    const client = await bench.ready();
    const bytes = spoil(container([part(client, ping(1n))]));
    expect(await badCode(client, client.send(bytes, { isContent: false }))).toBe(64);
  });

  it('in a container gets 64, and the others in it are carried out', async () => {
    const client = await bench.ready();
    const good = part(client, ping(6n));
    const nested = part(client, container([part(client, ping(1n))]), false);
    client.send(container([nested, good]), { isContent: false });
    expect(await badCode(client, nested.msgId)).toBe(64);
    await client.next(constructors.pong);
  });

  it('with one bad message tells of that one only', async () => {
    const client = await bench.ready();
    const odd = { ...part(client, getState()), msgId: client.nextId() + 1n };
    const good = part(client, getState());
    client.send(container([odd, good]), { isContent: false });
    expect(await badCode(client, odd.msgId)).toBe(18);
    await client.result(good.msgId);
  });
});

describe('what is no message', () => {
  it('under a known key ends the connection', async () => {
    const client = await bench.ready();
    client.writePacket(Buffer.concat([Buffer.from(client.key.id, 'hex'), randomBytes(16 + 64)]));
    await client.untilClosed();
  });

  it('that is too short ends the connection', async () => {
    const client = await bench.ready();
    client.writePacket(Buffer.concat([Buffer.from(client.key.id, 'hex'), randomBytes(16)]));
    await client.untilClosed();
  });

  it('a service message that ends too early ends the connection', async () => {
    const client = await bench.ready();
    client.send(tlInt(constructors.ping));
    await client.untilClosed();
  });

  it('broken gzip ends the connection', async () => {
    const client = await bench.ready();
    client.send(Buffer.concat([tlInt(constructors.gzipPacked), tlBytes(Buffer.from('not gzip'))]));
    await client.untilClosed();
  });
});

describe('gzip', () => {
  it('is taken from the client, alone and in a container', async () => {
    const client = await bench.ready();
    const packed = Buffer.concat([tlInt(constructors.gzipPacked), tlBytes(gzipSync(getState()))]);
    await client.result(client.send(packed));
    const inner = part(client, packed);
    client.send(container([inner]), { isContent: false });
    await client.result(inner.msgId);
  });

  it('is used for answers that it makes shorter', async () => {
    const client = await bench.ready();
    bench.handler.extra = ({ className }) => (className === 'updates.GetState' ? Array<number>(500).fill(7) : undefined as never);
    const msgId = client.send(getState());
    const message = await client.next(constructors.rpcResult);
    expect(message.reader.long()).toBe(msgId);
    expect(message.reader.uint()).toBe(constructors.gzipPacked);
    expect(message.reader.remaining).toBeLessThan(200);
  });
});
