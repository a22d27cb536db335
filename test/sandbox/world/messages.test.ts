import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api } from 'telegram';
import type { TelegramClient } from 'telegram';
import { CustomFile } from 'telegram/client/uploads.js';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxUser } from '../../../src/sandbox/control/views.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients, UpdateInbox } from '../support/sandbox-client.js';

let sandbox: Sandbox;
let owner: SandboxUser;
let friend: SandboxUser;
let client: TelegramClient;
let nowMs = Date.UTC(2026, 0, 1);
const clients = new SandboxClients(() => sandbox);
const self = new Api.InputPeerSelf();

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog(), now: () => nowMs });
});

beforeEach(async () => {
  owner = sandbox.addUser({ firstName: 'Olga' });
  friend = sandbox.addUser({ firstName: 'Fedor' });
  sandbox.send.text({ from: friend, to: owner, text: 'hello' });
  client = await clients.connectAs(owner);
  await client.getDialogs();
});

afterEach(async () => {
  sandbox.faults.clear();
  await clients.closeAll();
});
afterAll(() => sandbox.stop());

const send = (message: string, entities: Api.TypeMessageEntity[] = []) =>
  client.invoke(new Api.messages.SendMessage({ peer: self, message, entities }));
const edit = async (id: number, message: string, peer: Api.TypeInputPeer = self) =>
  client.invoke(new Api.messages.EditMessage({ peer, id, message }));
const seenBy = (user: SandboxUser) => sandbox.messagesOf(sandbox.privateChat(owner, friend), user).map(({ text }) => text);

describe('a text', () => {
  it.each([
    ['', 'MESSAGE_EMPTY'],
    ['   \n', 'MESSAGE_EMPTY'],
    ['x'.repeat(4097), 'MESSAGE_TOO_LONG'],
  ])('that Telegram would refuse is refused (%#)', async (text, errorMessage) => {
    await expect(send(text)).rejects.toMatchObject({ code: 400, errorMessage });
  });

  it('may have 4096 characters, also where each is two UTF-16 units', async () => {
    await expect(send('😀'.repeat(4096))).resolves.toBeDefined();
    await expect(send('😀'.repeat(4097))).rejects.toMatchObject({ errorMessage: 'MESSAGE_TOO_LONG' });
  });

  it.each([
    ['ab', 1, 2],
    ['😀', 0, 1],
    ['ab', -1, 1],
  ])('has its entities inside (%s %i %i)', async (text, offset, length) => {
    await expect(send(text, [new Api.MessageEntityBold({ offset, length })])).rejects.toMatchObject({
      errorMessage: 'ENTITY_BOUNDS_INVALID',
    });
  });
});

describe('an edit', () => {
  it('changes what is one\'s own, for two days', async () => {
    const sent = sandbox.send.text({ from: owner, to: friend, text: 'one' });
    const peer = (await client.getInputEntity(friend.id));
    const id = sent.ids[owner.id]!;
    const updates = (await edit(id, 'two', peer)) as Api.Updates;
    expect(updates.updates[0]).toBeInstanceOf(Api.UpdateEditMessage);
    await expect(edit(id, 'two', peer)).rejects.toMatchObject({ errorMessage: 'MESSAGE_NOT_MODIFIED' });
    await expect(edit(999, 'two', peer)).rejects.toMatchObject({ errorMessage: 'MESSAGE_ID_INVALID' });
    await expect(edit(id, ' ', peer)).rejects.toMatchObject({ errorMessage: 'MESSAGE_EMPTY' });
    const theirs = sandbox.send.text({ from: friend, to: owner, text: 'mine' }).ids[owner.id]!;
    await expect(edit(theirs, 'yours', peer)).rejects.toMatchObject({ errorMessage: 'MESSAGE_AUTHOR_REQUIRED' });
    nowMs += 172_801_000;
    await expect(edit(id, 'three', peer)).rejects.toMatchObject({ errorMessage: 'MESSAGE_EDIT_TIME_EXPIRED' });
  });

  it('changes a caption, which may be empty but is shorter', async () => {
    const voice = sandbox.send.voice({ from: owner, to: owner, bytes: Buffer.from('OggS'), durationSec: 1, caption: 'c' });
    const id = voice.ids[owner.id]!;
    await expect(edit(id, 'x'.repeat(1025))).rejects.toMatchObject({ errorMessage: 'MEDIA_CAPTION_TOO_LONG' });
    await edit(id, '');
    expect(sandbox.message(voice)).toMatchObject({ text: '', media: { kind: 'voice' } });
  });
});

describe('a deletion', () => {
  it('takes a message from both, or from oneself alone', async () => {
    const peer = await client.getInputEntity(friend.id);
    const [first, second] = ['first', 'second'].map((text) => sandbox.send.text({ from: friend, to: owner, text }));
    await client.deleteMessages(peer, [first!.ids[owner.id]!], { revoke: false });
    expect([seenBy(owner), seenBy(friend)]).toEqual([
      ['hello', 'second'],
      ['hello', 'first', 'second'],
    ]);
    const [affected] = await client.deleteMessages(peer, [second!.ids[owner.id]!, 999], { revoke: true });
    expect(affected?.ptsCount).toBe(1);
    expect(seenBy(friend)).toEqual(['hello', 'first']);
  });

  it('tells the other side which of its own messages are gone', async () => {
    const inbox = new UpdateInbox(client);
    const message = sandbox.send.text({ from: friend, to: owner, text: 'oops' });
    sandbox.send.delete(message);
    expect((await inbox.next(Api.UpdateDeleteMessages)).messages).toEqual([message.ids[owner.id]]);
  });
});

describe('a random_id', () => {
  const sendWith = (randomId: bigint, peer: Api.TypeInputPeer = self) =>
    client.invoke(new Api.messages.SendMessage({ peer, message: 'once', randomId: randomId as never }));

  it('is one message in each chat', async () => {
    const peer = (await client.getInputEntity(friend.id));
    for (const to of [self, peer, self, peer]) await sendWith(9n, to);
    expect(seenBy(owner)).toEqual(['hello', 'once']);
    expect(sandbox.messagesOf(sandbox.privateChat(owner, owner), owner)).toHaveLength(1);
  });

  it('holds for every device of the account', async () => {
    await sendWith(10n);
    client = await clients.connectAs(owner);
    await sendWith(10n);
    expect(sandbox.messagesOf(sandbox.privateChat(owner, owner), owner)).toHaveLength(1);
  });

  it('only names the message where that is deleted by now, and does not send it anew', async () => {
    const { id } = (await sendWith(11n)) as Api.UpdateShortSentMessage;
    await client.deleteMessages(self, [id], { revoke: true });
    expect(((await sendWith(11n)) as Api.Updates).updates).toMatchObject([{ className: 'UpdateMessageID', id }]);
    expect(sandbox.messagesOf(sandbox.privateChat(owner, owner), owner)).toEqual([]);
  });

  it('is refused while the first call with it is still being executed', async () => {
    const release = sandbox.faults.hold('messages.SendMessage', { times: 1 });
    const first = sendWith(12n);
    // From another device, since one client sends its messages strictly one after the other (invokeAfterMsg).
    client = await clients.connectAs(owner);
    const refused = sandbox.rpcLog.next('messages.SendMessage');
    const repeated = sendWith(12n);
    // Whether the client then tries again by itself depends on the library.
    repeated.catch(() => undefined);
    expect((await refused).outcome).toEqual({ kind: 'error', code: 500, message: 'RANDOM_ID_DUPLICATE' });
    release();
    await first;
    await Promise.allSettled([repeated]);
    await expect(sendWith(12n)).resolves.toBeInstanceOf(Api.Updates);
    expect(sandbox.messagesOf(sandbox.privateChat(owner, owner), owner)).toHaveLength(1);
  });
});

describe('a file from the client', () => {
  it('arrives as a voice message that the other side can download', async () => {
    const bytes = Buffer.alloc(70_000, 3);
    const attributes = [new Api.DocumentAttributeAudio({ voice: true, duration: 7, waveform: Buffer.alloc(63, 1) })];
    const file = new CustomFile('voice.ogg', bytes.length, '', bytes);
    await client.sendFile(friend.id, { file, voiceNote: true, attributes, caption: 'listen' });
    const message = await sandbox.waitForMessage(({ media }) => media?.sizeBytes === bytes.length);
    expect(message).toMatchObject({ text: 'listen', media: { kind: 'voice', durationSec: 7, mimeType: 'audio/ogg' } });
    const other = await clients.connectAs(friend);
    const [received] = await other.getMessages(owner.id, { limit: 1 }).catch(async () => {
      await other.getDialogs();
      return other.getMessages(owner.id, { limit: 1 });
    });
    const downloaded = await other.downloadMedia(received!, {});
    expect(bytes.equals(downloaded as Buffer)).toBe(true);
  });

  it('may come in big parts, and is refused where one is missing', async () => {
    const fileId = 123_456n as never;
    const part = (filePart: number, bytes: Buffer) =>
      client.invoke(new Api.upload.SaveBigFilePart({ fileId, filePart, fileTotalParts: 3, bytes }));
    const media = new Api.InputMediaUploadedDocument({
      file: new Api.InputFileBig({ id: fileId, parts: 3, name: 'a.bin' }),
      mimeType: 'application/octet-stream',
      attributes: [],
    });
    const sendMedia = () => client.invoke(new Api.messages.SendMedia({ peer: self, media, message: '' }));
    await part(0, Buffer.alloc(524_288, 1));
    await part(2, Buffer.alloc(10, 3));
    await expect(sendMedia()).rejects.toMatchObject({ errorMessage: expect.stringMatching(/^FILE_PART_1?_?MISSING$/) as string });
    await part(1, Buffer.alloc(524_288, 2));
    await sendMedia();
    const message = await sandbox.waitForMessage(({ media: sent }) => sent?.sizeBytes === 2 * 524_288 + 10);
    expect(message.media?.kind).toBe('file');
  });

  it('can be forwarded with its origin, once for each random_id', async () => {
    const voice = sandbox.send.voice({ from: friend, to: owner, bytes: Buffer.from('OggS'), durationSec: 1 });
    const fromPeer = await client.getInputEntity(friend.id);
    const forward = () =>
      client.invoke(
        new Api.messages.ForwardMessages({ fromPeer, toPeer: self, id: [voice.ids[owner.id]!], randomId: [77n as never] }),
      );
    await forward();
    await forward();
    const saved = sandbox.messagesOf(sandbox.privateChat(owner, owner), owner);
    expect(saved).toMatchObject([{ forwardedFromUserId: friend.id, media: { kind: 'voice' } }]);
  });
});
