import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from 'telegram';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxChat, SandboxUser } from '../../../src/sandbox/control/views.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients, UpdateInbox } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let owner: SandboxUser;
let friend: SandboxUser;
let third: SandboxUser;
let group: SandboxChat;
let supergroup: SandboxChat;
let channel: SandboxChat;
const clients = new SandboxClients(() => sandbox);
const bytes = Buffer.from('OggS');

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog() });
  owner = sandbox.addUser({ firstName: 'Olga' });
  friend = sandbox.addUser({ firstName: 'Fedor', username: 'fedor' });
  third = sandbox.addUser({ firstName: 'Tanya' });
  group = sandbox.addGroup({ title: 'Family', members: [friend, owner, third] });
  supergroup = sandbox.addSupergroup({ title: 'Work', members: [friend, owner, third] });
  channel = sandbox.addChannel({ title: 'News', members: [friend, owner], username: 'daily_news' });
});

afterEach(() => clients.closeAll());
afterAll(() => sandbox.stop());

describe('a basic group', () => {
  it('gives everybody ids of their own, and answers arrive under them', async () => {
    sandbox.send.text({ from: third, to: friend, text: 'moves two numberings' });
    const client = await clients.connectAs(owner);
    const inbox = new UpdateInbox(client);
    const voice = sandbox.send.voice({ from: friend, to: group, bytes, durationSec: 2 });
    const { message } = await inbox.next(Api.UpdateNewMessage);
    expect((message as Api.Message).fromId).toMatchObject({ className: 'PeerUser' });
    expect(message.id).toBe(voice.ids[owner.id]);
    await client.sendMessage((message as Api.Message).peerId, { message: 'text', replyTo: message.id });
    const reply = await sandbox.waitForReply(voice);
    expect(new Set(Object.values(reply.ids)).size).toBe(2);
    expect(sandbox.messagesOf(group, third).at(-1)).toMatchObject({ replyToId: voice.ids[third.id], out: false });
  });

  it('pushes plain text in the short form, which names nobody', async () => {
    const client = await clients.connectAs(owner);
    const inbox = new UpdateInbox(client);
    sandbox.send.text({ from: third, to: group, text: 'hello', entities: [{ type: 'bold', offset: 0, length: 5 }] });
    const update = await inbox.next(Api.UpdateShortChatMessage);
    expect(update.fromId.toString()).toBe(third.id);
    expect(update.entities).toHaveLength(1);
  });

  it('is closed to who is not in it', async () => {
    const client = await clients.connectAs(sandbox.addUser({ firstName: 'Stranger' }));
    const peer = new Api.InputPeerChat({ chatId: BigInt(group.id!) as never });
    await expect(client.invoke(new Api.messages.SendMessage({ peer, message: 'hi' }))).rejects.toMatchObject({
      errorMessage: 'PEER_ID_INVALID',
    });
  });
});

describe('a supergroup', () => {
  it('gives everybody the same id and counts for itself', async () => {
    const client = await clients.connectAs(owner);
    const inbox = new UpdateInbox(client);
    const first = sandbox.send.voice({ from: friend, to: supergroup, bytes, durationSec: 2 });
    const update = await inbox.next(Api.UpdateNewChannelMessage);
    expect(update).toMatchObject({ pts: 3, ptsCount: 1 });
    expect(new Set(Object.values(first.ids))).toEqual(new Set([2]));
    const peer = (update.message as Api.Message).peerId;
    const sent = await client.sendMessage(peer, { message: 'text', replyTo: 2 });
    expect(sent.id).toBe(3);
    expect(sandbox.messagesOf(supergroup, third).at(-1)).toMatchObject({ id: 3, replyToId: 2 });
  });

  it('refuses writing where it is forbidden, and everything to who was put out', async () => {
    const client = await clients.connectAs(owner);
    await client.getDialogs();
    const peer = await client.getInputEntity(new Api.PeerChannel({ channelId: BigInt(supergroup.id!) as never }));
    const write = () => client.invoke(new Api.messages.SendMessage({ peer, message: 'hi' }));
    sandbox.faults.forbidWriting(supergroup, owner);
    await expect(write()).rejects.toMatchObject({ code: 403, errorMessage: 'CHAT_WRITE_FORBIDDEN' });
    sandbox.faults.forbidWriting(supergroup, owner, false);
    sandbox.faults.removeMember(supergroup, owner);
    await expect(write()).rejects.toMatchObject({ errorMessage: 'CHANNEL_PRIVATE' });
    sandbox.faults.removeMember(supergroup, owner, false);
    await expect(write()).resolves.toBeDefined();
  });
});

describe('a channel', () => {
  it('has posts that nobody is named for, and only admins may write', async () => {
    const client = await clients.connectAs(owner);
    const inbox = new UpdateInbox(client);
    sandbox.send.voice({ from: friend, to: channel, bytes, durationSec: 2, caption: 'news' });
    const { message } = await inbox.next(Api.UpdateNewChannelMessage);
    expect(message).toMatchObject({ post: true, fromId: null, message: 'news' });
    const peer = (message as Api.Message).peerId;
    await expect(client.sendMessage(peer, { message: 'hi' })).rejects.toMatchObject({
      errorMessage: 'CHAT_WRITE_FORBIDDEN',
    });
  });
});

describe('an access hash', () => {
  it('is good only for who was given it', async () => {
    const [mine, theirs] = await Promise.all([clients.connectAs(owner), clients.connectAs(third)]);
    const resolve = (username: string) =>
      theirs.invoke(new Api.contacts.ResolveUsername({ username }));
    const [user] = (await resolve('fedor')).users as Api.User[];
    const stolen = new Api.InputPeerUser({ userId: user!.id, accessHash: user!.accessHash! });
    const write = (client: typeof mine) => client.invoke(new Api.messages.SendMessage({ peer: stolen, message: 'hi' }));
    await expect(write(theirs)).resolves.toBeDefined();
    await expect(write(mine)).rejects.toMatchObject({ errorMessage: 'PEER_ID_INVALID' });
    const [empty] = await mine.invoke(
      new Api.users.GetUsers({ id: [new Api.InputUser({ userId: user!.id, accessHash: user!.accessHash! })] }),
    );
    expect(empty).toBeInstanceOf(Api.UserEmpty);
    const [news] = (await resolve('daily_news')).chats as Api.Channel[];
    const input = new Api.InputChannel({ channelId: news!.id, accessHash: news!.accessHash! });
    await expect(theirs.invoke(new Api.channels.GetChannels({ id: [input] }))).resolves.toBeDefined();
    await expect(mine.invoke(new Api.channels.GetChannels({ id: [input] }))).rejects.toMatchObject({
      errorMessage: 'CHANNEL_INVALID',
    });
  });

  it('is not needed for who is named in a message that one has', async () => {
    const client = await clients.connectAs(owner);
    await client.getDialogs();
    const voice = sandbox.send.voice({ from: third, to: supergroup, bytes, durationSec: 1 });
    const peer = await client.getInputEntity(new Api.PeerChannel({ channelId: BigInt(supergroup.id!) as never }));
    const from = new Api.InputPeerUserFromMessage({ peer, msgId: voice.ids[owner.id]!, userId: BigInt(third.id) as never });
    await client.invoke(new Api.messages.SendMessage({ peer: from, message: 'privately' }));
    expect(sandbox.messagesOf(sandbox.privateChat(owner, third), third).at(-1)?.text).toBe('privately');
    const other = new Api.InputPeerUserFromMessage({ peer, msgId: voice.ids[owner.id]!, userId: BigInt(friend.id) as never });
    await expect(client.invoke(new Api.messages.SendMessage({ peer: other, message: 'no' }))).rejects.toMatchObject({
      errorMessage: 'PEER_ID_INVALID',
    });
  });
});

describe('what is read', () => {
  it('is found by history, search and ids, newest first', async () => {
    const chat = sandbox.addSupergroup({ title: 'Archive', members: [friend, owner] });
    const voices = [1, 2, 3].map((durationSec) => sandbox.send.voice({ from: friend, to: chat, bytes, durationSec }));
    sandbox.send.videoNote({ from: friend, to: chat, bytes, durationSec: 4 });
    sandbox.send.audio({ from: friend, to: chat, bytes, durationSec: 5 });
    sandbox.send.text({ from: friend, to: chat, text: 'last' });
    const client = await clients.connectAs(owner);
    const dialogs = await client.getDialogs();
    const dialog = dialogs.find(({ title }) => title === 'Archive');
    expect(dialog).toMatchObject({ unreadCount: 7, dialog: { pts: 8, topMessage: 7 } });
    const ids = async (filter: Api.TypeMessagesFilter) =>
      Array.from(await client.getMessages(dialog!.inputEntity, { filter, limit: 10 }), ({ id }) => id);
    expect(await ids(new Api.InputMessagesFilterVoice())).toEqual([4, 3, 2]);
    expect(await ids(new Api.InputMessagesFilterRoundVoice())).toEqual([5, 4, 3, 2]);
    expect(await ids(new Api.InputMessagesFilterRoundVideo())).toEqual([5]);
    const history = await client.getMessages(dialog!.inputEntity, { limit: 2, offsetId: 5 });
    expect(Array.from(history, ({ id }) => id)).toEqual([4, 3]);
    const since = await client.getMessages(dialog!.inputEntity, { minId: 5, limit: 10 });
    expect(Array.from(since, ({ id }) => id)).toEqual([7, 6]);
    sandbox.send.delete(voices[1]!);
    const byId = await client.getMessages(dialog!.inputEntity, { ids: [2, 3, 4] });
    expect(Array.from(byId, (message) => (message as Api.Message | undefined)?.id)).toEqual([2, undefined, 4]);
  });

  it('is ticked for the other side', async () => {
    const client = await clients.connectAs(owner);
    const inbox = new UpdateInbox(client);
    const sent = sandbox.send.text({ from: owner, to: friend, text: 'read me' });
    sandbox.send.read({ by: friend, in: sandbox.privateChat(owner, friend) });
    expect((await inbox.next(Api.UpdateReadHistoryOutbox)).maxId).toBe(sent.ids[owner.id]);
  });

  it('tells the chat who is typing', async () => {
    const client = await clients.connectAs(owner);
    const inbox = new UpdateInbox(client);
    sandbox.send.typing({ from: friend, to: supergroup });
    const typing = await inbox.next(Api.UpdateChannelUserTyping);
    expect(typing.fromId).toMatchObject({ className: 'PeerUser' });
  });
});
