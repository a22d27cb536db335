import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { Api } from 'telegram';
import type { TelegramClient } from 'telegram';
import { WaitTimeoutError } from '../../../src/sandbox/control/wait-for.js';
import type { DataCentre } from '../../../src/sandbox/mtproto/data-centre.js';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxMessage, SandboxUser } from '../../../src/sandbox/control/views.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients, UpdateInbox } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let owner: SandboxUser;
let friend: SandboxUser;
let client: TelegramClient;
let voice: SandboxMessage;
const clients = new SandboxClients(() => sandbox);
const bytes = Buffer.alloc(5000, 1);

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog() });
});

beforeEach(async () => {
  owner = sandbox.addUser({ firstName: 'Olga' });
  friend = sandbox.addUser({ firstName: 'Fedor' });
  client = await clients.connectAs(owner);
});

afterEach(async () => {
  sandbox.faults.clear();
  await clients.closeAll();
});

afterAll(() => sandbox.stop());

const ask = () => client.invoke(new Api.help.GetNearestDc());
const saved = () => sandbox.messagesOf(sandbox.privateChat(owner, owner), owner).map(({ text }) => text);
const save = (message: string) => client.invoke(new Api.messages.SendMessage({ peer: new Api.InputPeerSelf(), message }));

async function receiveVoice(): Promise<Api.Message> {
  const inbox = new UpdateInbox(client);
  voice = sandbox.send.voice({ from: friend, to: owner, bytes, durationSec: 1 });
  return (await inbox.next(Api.UpdateNewMessage)).message as Api.Message;
}

function locationOf(message: Api.Message, fileReference = message.document!.fileReference) {
  const { id, accessHash } = message.document!;
  return new Api.InputDocumentFileLocation({ id, accessHash, fileReference, thumbSize: '' });
}

function getFile(location: Api.TypeInputFileLocation, offset = 0, limit = 4096) {
  return client.invoke(new Api.upload.GetFile({ location, offset: BigInt(offset) as never, limit }));
}

describe('a method fault', () => {
  it('hits every n-th call until it is taken back', async () => {
    const takeBack = sandbox.faults.failEvery(2, 'help.GetNearestDc', { code: 400, message: 'TEST_FAULT' });
    await ask();
    await expect(ask()).rejects.toMatchObject({ errorMessage: 'TEST_FAULT' });
    await ask();
    takeBack();
    await ask();
  });

  it('hits only whom it is meant for', async () => {
    sandbox.faults.add('help.getNearestDc', { kind: 'fail', code: 400, message: 'TEST_FAULT' }, { userId: friend.id });
    await expect(ask()).resolves.toBeInstanceOf(Api.NearestDc);
    client = await clients.connectAs(friend);
    await expect(ask()).rejects.toMatchObject({ errorMessage: 'TEST_FAULT' });
  });

  it('leaves a call without an answer, with or without its effect', async () => {
    sandbox.faults.silenceNext('messages.SendMessage', { takesEffect: true });
    const first = sandbox.rpcLog.next('messages.SendMessage');
    save('took effect').catch(() => undefined);
    expect((await first).outcome).toEqual({ kind: 'silence' });
    sandbox.faults.silenceNext('messages.SendMessage');
    const second = sandbox.rpcLog.next('messages.SendMessage');
    save('did not').catch(() => undefined);
    await second;
    expect(saved()).toEqual(['took effect']);
  });

  it.each([true, false])('cuts the connection, and the client sends again (effect before the cut: %s)', async (takesEffect) => {
    sandbox.faults.cutNext('messages.SendMessage', { takesEffect });
    await save('exactly once');
    expect(saved()).toEqual(['exactly once']);
    const outcomes = sandbox.rpcLog.calls('messages.SendMessage', { userId: owner.id }).map(({ outcome }) => outcome?.kind);
    expect(outcomes).toEqual(['cut', 'answer']);
  });

  it('holds calls back until it is told, so that others overtake them', async () => {
    const release = sandbox.faults.hold('messages.SendMessage');
    const slow = save('slow');
    await ask();
    expect(saved()).toEqual([]);
    release();
    await slow;
    expect(saved()).toEqual(['slow']);
  });

  it('delays calls, which are answered all the same', async () => {
    sandbox.faults.delay('messages.SendMessage', 20, { times: 1 });
    await save('late');
    expect(saved()).toEqual(['late']);
  });
});

describe('a file', () => {
  it('is refused under an old reference, until the message is read again', async () => {
    const message = await receiveVoice();
    await expect(getFile(locationOf(message))).resolves.toBeInstanceOf(Api.upload.File);
    sandbox.faults.expireFileReferences('all');
    await expect(getFile(locationOf(message))).rejects.toMatchObject({ errorMessage: 'FILE_REFERENCE_EXPIRED' });
    const [fresh] = await client.getMessages(message.peerId, { ids: [message.id] });
    await expect(getFile(locationOf(fresh!))).resolves.toBeInstanceOf(Api.upload.File);
    await expect(getFile(locationOf(message, Buffer.from('x')))).rejects.toMatchObject({
      errorMessage: 'FILE_REFERENCE_INVALID',
    });
  });

  it('is asked for elsewhere after it has moved', async () => {
    const message = await receiveVoice();
    sandbox.faults.moveFile(voice, 4);
    await expect(getFile(locationOf(message))).rejects.toMatchObject({ newDc: 4 });
  });

  it('comes in parts whose offset and limit follow Telegram\'s rules', async () => {
    const location = locationOf(await receiveVoice());
    const part = (await getFile(location, 4096)) as Api.upload.File;
    expect(part.bytes).toHaveLength(5000 - 4096);
    expect(((await getFile(location, 8192)) as Api.upload.File).bytes).toHaveLength(0);
    await expect(getFile(location, 100)).rejects.toMatchObject({ errorMessage: 'OFFSET_INVALID' });
    await expect(getFile(location, 0, 12_288)).rejects.toMatchObject({ errorMessage: 'LIMIT_INVALID' });
    await expect(getFile(location, 4096, 1_048_576)).rejects.toMatchObject({ errorMessage: 'LIMIT_INVALID' });
  });
});

describe('an account', () => {
  // What clients make of it differs: some drop repetitions themselves.
  let pushed: MockInstance<DataCentre['push']>;
  beforeEach(() => {
    pushed = vi.spyOn(sandbox.dataCentre(2), 'push');
  });
  afterEach(() => pushed.mockRestore());

  it.each(['SESSION_REVOKED', 'USER_DEACTIVATED'] as const)('is answered %s when it loses its sessions', async (reason) => {
    sandbox.faults.revokeSessions(owner, reason);
    await expect(ask()).rejects.toMatchObject({ code: 401, errorMessage: reason });
    sandbox.faults.restoreSessions(owner);
    await expect(ask()).resolves.toBeInstanceOf(Api.NearestDc);
  });

  it('hears nothing while its updates are lost, and is told to ask when it should', () => {
    sandbox.faults.loseUpdates(owner);
    sandbox.send.voice({ from: friend, to: owner, bytes, durationSec: 1 });
    expect(pushed).not.toHaveBeenCalled();
    sandbox.faults.loseUpdates(owner, false);
    sandbox.faults.pushTooLong(owner);
    expect(pushed.mock.calls.map(([, updates]) => updates.className)).toEqual(['UpdatesTooLong']);
  });

  it('gets the same update again when it is delivered twice', () => {
    voice = sandbox.send.voice({ from: friend, to: owner, bytes, durationSec: 1 });
    sandbox.send.deliverAgain(voice);
    const arrivals = pushed.mock.calls.flatMap(([, updates]) => (updates instanceof Api.Updates ? updates.updates : []));
    expect(arrivals).toMatchObject([
      { className: 'UpdateNewMessage', pts: 2, ptsCount: 1 },
      { className: 'UpdateNewMessage', pts: 2, ptsCount: 1 },
    ]);
  });
});

describe('a connection', () => {
  it('goes on with a new session after the server has lost the old one', async () => {
    sandbox.faults.closeSessionsOf(owner);
    await expect(client.getMe()).resolves.toMatchObject({ firstName: 'Olga' });
  });

  it('loses its key where the server forgets the user\'s keys (what that means: test/sandbox/mtproto)', async () => {
    await ask();
    const forgotten = vi.spyOn(sandbox.dataCentre(2), 'forgetKey');
    sandbox.faults.forgetKeysOf(owner);
    const { authKeyId } = sandbox.rpcLog.calls('help.getNearestDc', { userId: owner.id }).at(-1)!.caller;
    expect(forgotten.mock.calls).toEqual([[authKeyId]]);
    forgotten.mockRestore();
  });

  it('that is cut is made again', async () => {
    sandbox.faults.connection(2).dropAll();
    await expect(ask()).resolves.toBeInstanceOf(Api.NearestDc);
  });
});

describe('waiting for a message', () => {
  it('ends with the time, with the signal, and with what the predicate throws', async () => {
    const never = () => false;
    await expect(sandbox.waitForMessage(never, { timeoutMs: 1 })).rejects.toBeInstanceOf(WaitTimeoutError);
    const abort = new AbortController();
    const aborted = sandbox.waitForMessage(never, {}, abort.signal);
    abort.abort(new RangeError('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const broken = sandbox.waitForMessage(({ text }) => {
      if (text === 'trap') throw new RangeError('broken predicate');
      return false;
    });
    sandbox.send.text({ from: friend, to: owner, text: 'trap' });
    await expect(broken).rejects.toThrow('broken predicate');
    expect(sandbox.messagesOf(sandbox.privateChat(owner, friend), owner)).toHaveLength(1);
  });

  it('finds a message that was there before', async () => {
    const sent = sandbox.send.text({ from: friend, to: owner, text: 'early' });
    expect(await sandbox.waitForMessage(({ key }) => key === sent.key)).toEqual(sent);
  });
});
