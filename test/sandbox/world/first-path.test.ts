import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from 'telegram';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxUser } from '../../../src/sandbox/control/views.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients, UpdateInbox } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let owner: SandboxUser;
let friend: SandboxUser;
const clients = new SandboxClients(() => sandbox);
const OGG = Buffer.alloc(300_000, 7);

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog() });
  owner = sandbox.addUser({ firstName: 'Olga', phone: '+7 900 000 00 01' });
  friend = sandbox.addUser({ firstName: 'Fedor', username: 'fedor' });
});

afterEach(() => clients.closeAll());
afterAll(() => sandbox.stop());

function connectOwner() {
  return clients.connectAs(owner);
}

describe('a signed-in client', () => {
  it('knows who it is and where the data centres are', async () => {
    const client = await connectOwner();
    const me = await client.getMe();
    expect(me.id.toString()).toBe(owner.id);
    const config = await client.invoke(new Api.help.GetConfig());
    expect(config.dcOptions.map(({ id, port }) => [id, port])).toEqual([
      [2, sandbox.portOf(2)],
      [4, sandbox.portOf(4)],
    ]);
  });

  it.each([2, 4] as const)('hears a voice and downloads it from data centre %i', async (dc) => {
    const client = await connectOwner();
    const inbox = new UpdateInbox(client);
    const waveform = Buffer.alloc(63, 9);
    sandbox.send.voice({ from: friend, to: owner, bytes: OGG, durationSec: 12, waveform, dc });
    const update = await inbox.next(Api.UpdateNewMessage);
    const message = update.message as Api.Message;
    expect(message.voice?.dcId).toBe(dc);
    expect(message.mediaUnread).toBe(true);
    const [audio] = message.voice?.attributes ?? [];
    expect(audio).toMatchObject({ voice: true, duration: 12, waveform });
    const bytes = await client.downloadMedia(message, {});
    expect(Buffer.isBuffer(bytes) && bytes.equals(OGG)).toBe(true);
  });

  it('replies with entities, and both sides see the reply under ids of their own', async () => {
    const client = await connectOwner();
    const inbox = new UpdateInbox(client);
    sandbox.send.text({ from: friend, to: sandbox.privateChat(friend, friend), text: 'shifts the numbering' });
    const voice = sandbox.send.voice({ from: friend, to: owner, bytes: OGG, durationSec: 3 });
    const { message } = await inbox.next(Api.UpdateNewMessage, ({ message }) => message.id === voice.ids[owner.id]);
    const reply = await client.invoke(
      new Api.messages.SendMessage({
        peer: await client.getInputEntity((message as Api.Message).peerId),
        message: '  said in short ',
        replyTo: new Api.InputReplyToMessage({ replyToMsgId: message.id }),
        entities: [new Api.MessageEntityBlockquote({ offset: 2, length: 13, collapsed: true })],
      }),
    );
    expect(reply).toBeInstanceOf(Api.UpdateShortSentMessage);
    const seen = await sandbox.waitForReply(voice);
    expect(seen.text).toBe('said in short');
    expect(seen.entities).toEqual([{ type: 'collapsed-quote', offset: 0, length: 13 }]);
    expect(seen.ids[owner.id]).toBe((reply as Api.UpdateShortSentMessage).id);
    expect(seen.ids[friend.id]).not.toBe(seen.ids[owner.id]);
    const asFriend = sandbox.messagesOf(sandbox.privateChat(owner, friend), friend).at(-1);
    expect(asFriend).toMatchObject({ out: false, replyToId: voice.ids[friend.id], id: seen.ids[friend.id] });
  });

  it('sends nothing when a random_id comes a second time, and is told of the first message', async () => {
    const client = await connectOwner();
    const before = sandbox.messagesOf(sandbox.privateChat(owner, owner), owner).length;
    const request = () =>
      client.invoke(new Api.messages.SendMessage({ peer: new Api.InputPeerSelf(), message: 'once', randomId: 77n as never }));
    const first = (await request()) as Api.UpdateShortSentMessage;
    const second = (await request()) as Api.Updates;
    expect(second.updates.map(({ className }) => className)).toEqual(['UpdateMessageID', 'UpdateNewMessage']);
    expect(second.updates[0]).toMatchObject({ id: first.id });
    expect(second.updates[1]).toMatchObject({ pts: first.pts, ptsCount: 0 });
    expect(sandbox.messagesOf(sandbox.privateChat(owner, owner), owner)).toHaveLength(before + 1);
  });

  it('edits its message, and the other side is told', async () => {
    const client = await connectOwner();
    const other = await clients.connectAs(friend);
    const inbox = new UpdateInbox(other);
    const sent = sandbox.send.text({ from: owner, to: friend, text: 'draft' });
    await client.getDialogs();
    await client.editMessage(friend.id, { message: sent.ids[owner.id]!, text: 'done' });
    const update = await inbox.next(Api.UpdateEditMessage);
    expect((update.message as Api.Message).message).toBe('done');
    expect(update.message.id).toBe(sent.ids[friend.id]);
    expect(sandbox.message(sent).editedMs).toBeGreaterThan(0);
  });

  it('gets the error that a scenario asks for, once', async () => {
    const client = await connectOwner();
    sandbox.faults.failNext('users.getUsers', { code: 420, message: 'FLOOD_WAIT_33' });
    const ask = () => client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
    await expect(ask()).rejects.toMatchObject({ seconds: 33 });
    await expect(ask()).resolves.toHaveLength(1);
    const [failed, answered] = sandbox.rpcLog.calls('users.GetUsers', { userId: owner.id }).slice(-2);
    expect(failed?.outcome).toEqual({ kind: 'error', code: 420, message: 'FLOOD_WAIT_33' });
    expect(answered?.outcome?.kind).toBe('answer');
  });
});
