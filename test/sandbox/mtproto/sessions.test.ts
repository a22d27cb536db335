import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Api } from 'telegram/tl/index.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import { TlReader } from '../../../src/sandbox/mtproto/tl-reader.js';
import { tlBytes, tlInt, tlLong, tlVectorOfLongs } from '../../../src/sandbox/mtproto/tl-writer.js';
import { ConnectionCut, type RpcAnswer } from '../../../src/sandbox/rpc.js';
import { ping, wrapped, type RawClient } from './raw-client.js';
import { getConfig, getState, useBench } from './test-bench.js';

const bench = useBench();

const UPDATES_TOO_LONG = 0xe317af7e;
const tooLong = (): Api.UpdatesTooLong => new Api.UpdatesTooLong();
const ack = (...ids: bigint[]): Buffer => Buffer.concat([tlInt(constructors.msgsAck), tlVectorOfLongs(ids)]);

/** A pong is the proof that everything sent before has been handled. */
async function settled(client: RawClient): Promise<void> {
  const msgId = client.send(ping(99n));
  await client.next(constructors.pong, ({ reader }) => reader.peekRest().readBigUInt64LE() === msgId);
}

describe('a session', () => {
  it('begins with new_session_created, once, naming its first message', async () => {
    const client = await bench.dial();
    client.authKey = (await bench.ready()).key;
    await client.learnSalt();
    const first = client.send(ping(1n));
    const { reader } = await client.next(constructors.newSessionCreated);
    expect(reader.long()).toBe(first);
    const uniqueId = reader.long();
    expect(reader.long()).toBe(client.salt);
    await settled(client);
    expect(client.received.some((message) => message.constructor_ === constructors.newSessionCreated)).toBe(false);
    bench.centre.closeSessionsOf(client.key.id);
    await client.untilClosed();
    const again = await client.again(bench.port);
    again.send(ping(1n));
    const second = (await again.next(constructors.newSessionCreated)).reader;
    second.long();
    expect(second.long()).not.toBe(uniqueId);
    again.close();
  });

  it('numbers its messages as the protocol says', async () => {
    const client = await bench.ready();
    await client.result(client.send(getState()));
    const pong = client.send(ping(1n));
    const answer = await client.next(constructors.pong, ({ reader }) => reader.peekRest().readBigUInt64LE() === pong);
    expect(answer.msgId % 4n).toBe(1n);
    expect(answer.seqNo % 2).toBe(0);
    bench.centre.push(client.key.id, tooLong());
    const update = await client.next(UPDATES_TOO_LONG);
    expect(update.msgId % 4n).toBe(3n);
    expect(update.seqNo % 2).toBe(1);
    expect(update.msgId > answer.msgId).toBe(true);
    expect(Math.abs(Number(update.msgId >> 32n) - Date.now() / 1000)).toBeLessThan(5);
  });

  it('sends what was not acknowledged again when the client comes back, and only that', async () => {
    const client = await bench.ready();
    bench.centre.push(client.key.id, tooLong());
    const first = await client.next(UPDATES_TOO_LONG);
    client.send(ack(first.msgId), { isContent: false });
    bench.centre.push(client.key.id, tooLong());
    const second = await client.next(UPDATES_TOO_LONG);
    await settled(client);
    client.close();
    const again = await client.again(bench.port);
    again.send(ping(1n));
    const repeated = await again.next(UPDATES_TOO_LONG);
    expect(repeated.msgId).toBe(second.msgId);
    expect(repeated.seqNo).toBe(second.seqNo);
    await settled(again);
    expect(again.received.map(({ constructor_ }) => constructor_)).not.toContain(UPDATES_TOO_LONG);
    again.close();
  });

  it('keeps the updates that come while nobody is connected, for the one who comes back to it', async () => {
    const client = await bench.ready();
    const created = await client.next(constructors.newSessionCreated);
    client.send(ack(created.msgId), { isContent: false });
    await settled(client);
    client.close();
    await expect.poll(() => bench.centre.connections().length).toBe(0);
    bench.centre.push(client.key.id, tooLong());
    const again = await client.again(bench.port);
    again.send(ping(1n));
    await again.next(UPDATES_TOO_LONG);
    expect(again.received.map(({ constructor_ }) => constructor_)).not.toContain(constructors.newSessionCreated);
    again.close();
  });

  it('is a new one to who comes back after more than is kept', async () => {
    const client = await bench.ready();
    client.close();
    await expect.poll(() => bench.centre.connections().length).toBe(0);
    for (let i = 0; i < 1100; i += 1) bench.centre.push(client.key.id, tooLong());
    const again = await client.again(bench.port);
    again.send(ping(1n));
    await again.next(constructors.newSessionCreated);
    expect(again.received.map(({ constructor_ }) => constructor_)).not.toContain(UPDATES_TOO_LONG);
    again.close();
  });

  it('speaks to the newest of its connections', async () => {
    const client = await bench.ready();
    const second = await client.again(bench.port);
    second.send(getState());
    await second.next(constructors.rpcResult);
    bench.centre.push(client.key.id, tooLong());
    await second.next(UPDATES_TOO_LONG);
    expect(client.received.map(({ constructor_ }) => constructor_)).not.toContain(UPDATES_TOO_LONG);
    second.close();
  });

  it('acknowledges a request whose answer takes its time', async () => {
    const client = await bench.ready();
    let answer: (value: RpcAnswer) => void = () => undefined;
    bench.handler.extra = ({ className }) =>
      className === 'updates.GetState' ? new Promise((resolve) => (answer = resolve)) : (undefined as never);
    const msgId = client.send(getState());
    const { reader } = await client.next(constructors.msgsAck);
    expect(reader.vectorOfLongs()).toEqual([msgId]);
    answer(true);
    expect((await client.result(msgId)).readUInt32LE()).toBe(constructors.boolTrue);
  });
});

describe('a request that is sent again', () => {
  it('under the same id is not carried out twice, and gets the same answer on a new connection', async () => {
    const client = await bench.ready();
    const seqNo = client.nextSeqNo(true);
    const msgId = client.send(getState(), { seqNo });
    const first = await client.result(msgId);
    client.close();
    const again = await client.again(bench.port);
    again.send(getState(), { msgId, seqNo });
    expect(await again.result(msgId)).toEqual(first);
    expect(bench.handler.count('updates.GetState')).toBe(1);
    again.close();
  });

  it('while it is running gets its one answer', async () => {
    const client = await bench.ready();
    let answer: (value: RpcAnswer) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      bench.handler.extra = ({ className }) => {
        if (className !== 'updates.GetState') return undefined as never;
        resolve();
        return new Promise((settle) => (answer = settle));
      };
    });
    const seqNo = client.nextSeqNo(true);
    const msgId = client.send(getState(), { seqNo });
    await asked;
    client.close();
    const again = await client.again(bench.port);
    again.send(getState(), { msgId, seqNo });
    await settled(again);
    answer(true);
    await again.result(msgId);
    expect(bench.handler.count('updates.GetState')).toBe(1);
    again.close();
  });

  it('after a cut that came before it took effect is carried out', async () => {
    const client = await bench.ready();
    let cut = true;
    bench.handler.extra = ({ className }) => {
      if (className === 'updates.GetState' && cut) throw new ConnectionCut();
      return undefined as never;
    };
    const seqNo = client.nextSeqNo(true);
    const msgId = client.send(getState(), { seqNo });
    await client.untilClosed();
    cut = false;
    const again = await client.again(bench.port);
    again.send(getState(), { msgId, seqNo });
    await again.result(msgId);
    expect(bench.handler.count('updates.GetState')).toBe(2);
    again.close();
  });

  it('after a cut that came before its answer is not carried out again, and is answered', async () => {
    const client = await bench.ready();
    bench.handler.extra = ({ className }) => {
      if (className === 'updates.GetState') throw new ConnectionCut(true);
      return undefined as never;
    };
    const seqNo = client.nextSeqNo(true);
    const msgId = client.send(getState(), { seqNo });
    await client.untilClosed();
    const again = await client.again(bench.port);
    again.send(getState(), { msgId, seqNo });
    expect((await again.result(msgId)).readUInt32LE()).toBe(constructors.boolTrue);
    expect(bench.handler.count('updates.GetState')).toBe(1);
    again.close();
  });
});

describe('updates', () => {
  it('go to every session of the key that has asked for something, and not to those that wished none', async () => {
    const client = await bench.ready();
    const quiet = await client.again(bench.port);
    quiet.sessionId = randomBytes(8).toString('hex');
    const without = Buffer.concat([tlInt(constructors.invokeWithoutUpdates), getState()]);
    await quiet.result(quiet.send(without));
    const file = await client.again(bench.port);
    file.sessionId = randomBytes(8).toString('hex');
    const part = new Api.upload.SaveFilePart({ fileId: returnBigInt(1), filePart: 0, bytes: Buffer.alloc(4) });
    await file.result(file.send(part.getBytes()));
    bench.centre.push(client.key.id, tooLong());
    await client.next(UPDATES_TOO_LONG);
    for (const other of [quiet, file]) {
      await settled(other);
      expect(other.received.map(({ constructor_ }) => constructor_)).not.toContain(UPDATES_TOO_LONG);
      other.close();
    }
    expect(bench.handler.seen.map(({ caller }) => caller.withoutUpdates)).toEqual([false, true, false]);
  });

  it('for nobody, or for a closed socket, are no error', async () => {
    const client = await bench.ready();
    client.close();
    bench.centre.push(client.key.id, tooLong());
    bench.centre.push('0000000000000000', tooLong());
    bench.centre.faults.dropAll();
    bench.centre.push(client.key.id, tooLong());
  });

  it('many at once share containers and all arrive in order', async () => {
    const client = await bench.ready();
    for (let i = 0; i < 250; i += 1) bench.centre.push(client.key.id, tooLong());
    const ids: bigint[] = [];
    for (let i = 0; i < 250; i += 1) {
      const update = await client.next(UPDATES_TOO_LONG);
      expect(update.contained).toBe(true);
      ids.push(update.msgId);
    }
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).toBe(250);
  });
});

describe('what MTProto itself answers', () => {
  it('ping_delay_disconnect ends the connection when no other follows', async () => {
    const client = await bench.ready();
    client.send(Buffer.concat([tlInt(constructors.pingDelayDisconnect), tlLong(4n), tlInt(1)]));
    const { reader } = await client.next(constructors.pong);
    reader.long();
    expect(reader.long()).toBe(4n);
    await client.untilClosed();
  });

  it('rpc_drop_answer: nothing known, running, and answered but not acknowledged', async () => {
    const client = await bench.ready();
    const drop = async (msgId: bigint): Promise<TlReader> =>
      new TlReader(await client.result(client.send(Buffer.concat([tlInt(constructors.rpcDropAnswer), tlLong(msgId)]))));
    expect((await drop(4n)).uint()).toBe(constructors.rpcAnswerUnknown);
    const answered = client.send(getState());
    const { msgId, seqNo } = await client.next(constructors.rpcResult);
    const dropped = await drop(answered);
    expect([dropped.uint(), dropped.long(), dropped.int()]).toEqual([constructors.rpcAnswerDropped, msgId, seqNo]);
    expect((await drop(answered)).uint()).toBe(constructors.rpcAnswerUnknown);
    let answer: (value: RpcAnswer) => void = () => undefined;
    bench.handler.extra = ({ className }) =>
      className === 'updates.GetState' ? new Promise((resolve) => (answer = resolve)) : (undefined as never);
    const running = client.send(getState());
    expect((await drop(running)).uint()).toBe(constructors.rpcAnswerDroppedRunning);
    answer(true);
    await settled(client);
    expect(client.received.map(({ constructor_ }) => constructor_)).not.toContain(constructors.rpcResult);
  });

  it('msgs_state_req: what is known of each message', async () => {
    const client = await bench.ready();
    const early = client.nextId();
    const answered = client.send(getState());
    await client.result(answered);
    const ids = [answered, early, client.nextId() + (1n << 36n)];
    const msgId = client.send(Buffer.concat([tlInt(constructors.msgsStateReq), tlVectorOfLongs(ids)]));
    const { reader } = await client.next(constructors.msgsStateInfo);
    expect(reader.long()).toBe(msgId);
    expect([...reader.bytes()]).toEqual([4 + 32 + 64, 2, 3]);
  });

  it('msg_resend_req: what is not acknowledged again, the state of the rest', async () => {
    const client = await bench.ready();
    client.send(getState());
    const answer = await client.next(constructors.rpcResult);
    const resend = (id: bigint): Buffer => Buffer.concat([tlInt(constructors.msgResendReq), tlVectorOfLongs([id])]);
    client.send(resend(answer.msgId));
    expect((await client.next(constructors.rpcResult)).msgId).toBe(answer.msgId);
    client.send(ack(answer.msgId), { isContent: false });
    client.send(resend(answer.msgId));
    await client.next(constructors.msgsStateInfo);
  });

  it('msgs_all_info: a message that the client says it has is not sent again', async () => {
    const client = await bench.ready();
    bench.centre.push(client.key.id, tooLong());
    const { msgId } = await client.next(UPDATES_TOO_LONG);
    const info = Buffer.concat([tlInt(constructors.msgsAllInfo), tlVectorOfLongs([msgId]), tlBytes(Buffer.from([4]))]);
    client.send(info, { isContent: false });
    await settled(client);
    const again = await client.again(bench.port);
    await settled(again);
    expect(again.received.map(({ constructor_ }) => constructor_)).not.toContain(UPDATES_TOO_LONG);
    again.close();
  });

  it('destroy_session: another one of the key, but not an unknown one, nor its own', async () => {
    const client = await bench.ready();
    const other = await client.again(bench.port);
    other.sessionId = randomBytes(8).toString('hex');
    await settled(other);
    const destroy = (id: string): Buffer => Buffer.concat([tlInt(constructors.destroySession), Buffer.from(id, 'hex')]);
    client.send(destroy(other.sessionId));
    const { reader } = await client.next(constructors.destroySessionOk);
    expect(reader.raw(8).toString('hex')).toBe(other.sessionId);
    client.send(destroy(other.sessionId));
    await client.next(constructors.destroySessionNone);
    client.send(destroy(client.sessionId));
    await client.next(constructors.destroySessionNone);
    other.close();
  });

  it('destroy_auth_key: the key is unknown afterwards', async () => {
    const client = await bench.ready();
    client.send(tlInt(constructors.destroyAuthKey));
    await client.next(constructors.destroyAuthKeyOk);
    await new Promise((resolve) => setImmediate(resolve));
    client.send(ping(1n));
    expect(await client.transportError()).toBe(-404);
  });
});

describe('a request', () => {
  it('needs invokeWithLayer and initConnection once for its key', async () => {
    const client = await bench.dial();
    const { key, authKeyId } = bench.centre.createAuthKey();
    client.authKey = { ...(await bench.ready()).key, id: authKeyId, key };
    await client.learnSalt();
    expect(await client.error(client.send(getState()))).toEqual({ code: 400, message: 'CONNECTION_NOT_INITED' });
    const layerOnly = Buffer.concat([tlInt(constructors.invokeWithLayer), tlInt(198), getState()]);
    expect(await client.error(client.send(layerOnly))).toEqual({ code: 400, message: 'CONNECTION_NOT_INITED' });
    const initOnly = wrapped(getState()).subarray(8);
    expect(await client.error(client.send(initOnly))).toEqual({ code: 400, message: 'CONNECTION_LAYER_INVALID' });
    const noLayer = wrapped(getState(), 0);
    expect(await client.error(client.send(noLayer))).toEqual({ code: 400, message: 'CONNECTION_LAYER_INVALID' });
    await client.result(client.send(wrapped(getConfig(), 181)));
    await client.result(client.send(getState()));
    expect(bench.handler.seen.at(-1)!.caller).toMatchObject({ layer: 181, authKeyId, dcId: 2, sessionId: client.sessionId });
  });

  it('may come with a proxy and parameters in initConnection', async () => {
    const client = await bench.ready();
    const init = new Api.InitConnection({
      apiId: 1, deviceModel: 'a', systemVersion: 'b', appVersion: 'c', systemLangCode: 'en', langPack: '', langCode: 'en',
      proxy: new Api.InputClientProxy({ address: 'proxy', port: 1 }),
      params: new Api.JsonObject({
        value: [new Api.JsonObjectValue({ key: 'tz_offset', value: new Api.JsonNumber({ value: 3600 }) })],
      }),
      query: new Api.updates.GetState(),
    });
    await client.result(client.send(init.getBytes()));
    expect(bench.handler.count('updates.GetState')).toBe(1);
  });

  it('with invokeAfterMsg waits, and fails where the other failed', async () => {
    const client = await bench.ready();
    let answer: (value: RpcAnswer) => void = () => undefined;
    bench.handler.extra = ({ className }) =>
      className === 'updates.GetState' ? new Promise((resolve) => (answer = resolve)) : (undefined as never);
    const first = client.send(getState());
    const after = (id: bigint): Buffer => Buffer.concat([tlInt(constructors.invokeAfterMsg), tlLong(id), getConfig()]);
    const second = client.send(after(first));
    await settled(client);
    expect(bench.handler.count('help.GetConfig')).toBe(1);
    answer(true);
    await client.result(second);
    const failing = client.send(new Api.account.GetPassword().getBytes());
    expect((await client.error(failing)).code).toBe(400);
    expect(await client.error(client.send(after(failing)))).toEqual({ code: 400, message: 'MSG_WAIT_FAILED' });
    const all = [tlInt(constructors.invokeAfterMsgs), tlVectorOfLongs([first, second]), getConfig()];
    await client.result(client.send(Buffer.concat(all)));
  });

  it.each([
    ['of an unknown constructor', tlInt(0x11223344), 'INPUT_METHOD_INVALID_287454020'],
    ['that is no method', new Api.UpdatesTooLong().getBytes(), `INPUT_METHOD_INVALID_${UPDATES_TOO_LONG}`],
    ['that ends too early', new Api.contacts.ResolveUsername({ username: 'abcdefgh' }).getBytes().subarray(0, 8), 'INPUT_FETCH_ERROR'],
    ['that has something behind it', Buffer.concat([getState(), Buffer.alloc(4)]), 'INPUT_REQUEST_TOO_LONG'],
  ])('%s is the client\'s mistake', async (_, body, message) => {
    const client = await bench.ready();
    expect(await client.error(client.send(body))).toEqual({ code: 400, message });
  });

  it('that the handler fails at is answered with 500, and one that it is silent about not at all', async () => {
    const client = await bench.ready();
    bench.handler.extra = ({ className }) => {
      if (className === 'updates.GetState') throw new TypeError('a mistake of the handler');
      return undefined as never;
    };
    expect(await client.error(client.send(getState()))).toEqual({ code: 500, message: 'INTERNAL_SERVER_ERROR' });
    bench.handler.handle = () => Promise.resolve(undefined);
    const silent = client.send(getState());
    const { reader } = await client.next(constructors.msgsAck);
    expect(reader.vectorOfLongs()).toEqual([silent]);
    await settled(client);
    expect(client.received.map(({ constructor_ }) => constructor_)).not.toContain(constructors.rpcResult);
  });

  it('is answered with any kind of value', async () => {
    const client = await bench.ready();
    const answers: [RpcAnswer, Buffer][] = [
      [true, tlInt(constructors.boolTrue)],
      [false, tlInt(constructors.boolFalse)],
      [[], Buffer.concat([tlInt(constructors.vector), tlInt(0)])],
      [[1, -2], Buffer.concat([tlInt(constructors.vector), tlInt(2), tlInt(1), tlInt(-2)])],
      [[returnBigInt(-5)], Buffer.concat([tlInt(constructors.vector), tlInt(1), tlLong(-5n)])],
      [[tooLong()], Buffer.concat([tlInt(constructors.vector), tlInt(1), tooLong().getBytes()])],
    ];
    for (const [answer, bytes] of answers) {
      bench.handler.extra = () => answer;
      expect(await client.result(client.send(getState()))).toEqual(bytes);
    }
  });
});
