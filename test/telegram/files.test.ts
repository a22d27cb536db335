import { randomBytes } from 'node:crypto';
import { expect, expectTypeOf, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import type { ModuleMessage } from '../../src/modules/contract/index.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import type { OutgoingFile } from '../../src/telegram/telegram-gateway.js';
import { gatewayFor, startSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;
/** One pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

async function scene() {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const anna = sandbox.addUser({ firstName: 'Anna' });
  const on = gatewayFor(sandbox, sandbox.stringSession(owner));
  await on.gateway.connect(never);
  const hello = sandbox.send.file({ from: anna, to: owner, bytes: randomBytes(70_000), durationSec: 0, fileName: 'b.tar', mimeType: 'application/x-tar' });
  const told = await on.nextMessage(({ file }) => file !== undefined);
  const file = (bytes: Uint8Array, over: Partial<OutgoingFile> = {}): OutgoingFile => ({
    chat: told.chat,
    file: { name: 'log.txt', mimeType: 'text/plain', bytes },
    caption: { text: 'the log', entities: [{ type: 'bold', offset: 4, length: 3 }] },
    replyToMessageId: told.messageId,
    randomId: '77',
    ...over,
  });
  return { sandbox, owner, anna, hello, told, file, ...on };
}

test('a message as it comes in is one as modules see it', () => {
  expectTypeOf<IncomingMessage>().toExtend<ModuleMessage>();
});

test.each([65_536, 200_001])('a document of %i bytes arrives as it was sent, with its name and caption, and once for one random id', async (size) => {
  const { sandbox, hello, gateway, file, owner } = await scene();
  const bytes = randomBytes(size);
  const sent = await gateway.sendFile(file(bytes), never);
  expect(sent.alreadyStood).toBe(false);
  expect((await gateway.sendFile(file(bytes), never)).messageId).toBe(sent.messageId);
  const seen = await sandbox.waitForReply(hello);
  expect(seen).toMatchObject({ text: 'the log', entities: [{ type: 'bold', offset: 4, length: 3 }], media: { kind: 'file', fileName: 'log.txt', mimeType: 'text/plain' } });
  expect(sandbox.fileOf(seen).equals(bytes)).toBe(true);
  expect(sandbox.messagesOf(hello.chatKey, owner)).toHaveLength(2);
});

test('a picture is one, and its caption is edited like a text', async () => {
  const { sandbox, hello, gateway, file, told } = await scene();
  const { messageId } = await gateway.sendFile(file(PNG, { file: { name: 'x.png', mimeType: 'image/png', bytes: PNG, as: 'photo' } }), never);
  const seen = await sandbox.waitForReply(hello);
  expect(seen.media).toMatchObject({ kind: 'photo', mimeType: 'image/png' });
  await gateway.editText(told.chat, messageId, { text: 'better', entities: [{ type: 'italic', offset: 0, length: 6 }] }, never);
  expect(sandbox.message(seen)).toMatchObject({ text: 'better', entities: [{ type: 'italic' }], media: { kind: 'photo' } });
  expect((await gateway.getMessage(told.chat, messageId, never))?.file).toBeUndefined();
});

test('a file of others is told of and downloaded, no more than is allowed', async () => {
  const { sandbox, hello, gateway, told } = await scene();
  expect(told.file).toEqual({ name: 'b.tar', sizeBytes: 70_000, mimeType: 'application/x-tar' });
  const bytes = await gateway.downloadFile(told.chat, told.messageId, 70_000, never);
  expect(Buffer.from(bytes).equals(sandbox.fileOf(hello))).toBe(true);
  await expect(gateway.downloadFile(told.chat, told.messageId, 69_999, never)).rejects.toMatchObject({ reason: 'too-large' });
  await expect(gateway.downloadFile(told.chat, 99, 1, never)).rejects.toMatchObject({ reason: 'deleted' });
});

test('an upload ends with its signal, and what is too large does not begin', async () => {
  const { sandbox, gateway, file } = await scene();
  const stop = new AbortController();
  sandbox.faults.silenceNext('upload.SaveFilePart');
  const asked = sandbox.rpcLog.next('upload.SaveFilePart');
  const sending = gateway.sendFile(file(randomBytes(300_000)), stop.signal);
  await asked;
  stop.abort(new Error('enough'));
  await expect(sending).rejects.toThrow('enough');
  await expect(gateway.sendFile(file(new Uint8Array(50_000_001)), never)).rejects.toBeInstanceOf(PermanentError);
});

test('chats are found by id with their access hash, and by user name', async () => {
  const { sandbox, owner, anna, gateway } = await scene();
  const club = sandbox.addSupergroup({ title: 'Club', members: [owner, anna], username: 'club_x' });
  const news = sandbox.addChannel({ title: 'News', members: [anna], username: 'news_x' });
  const found = await gateway.findPeer({ kind: 'channel', id: club.id! }, never);
  expect(found).toMatchObject({ kind: 'channel', id: club.id, accessHash: expect.stringMatching(/^-?[1-9]\d+$/) as string });
  expect(await gateway.findPeer({ kind: 'user', id: anna.id }, never)).toMatchObject({ id: anna.id });
  expect(await gateway.findPeer({ kind: 'user', id: '4242' }, never)).toBeUndefined();
  expect(await gateway.findChatByUsername('news_x', never)).toMatchObject({ peer: { kind: 'channel', id: news.id }, title: 'News', broadcast: true });
  expect(await gateway.findChatByUsername('club_x', never)).toMatchObject({ title: 'Club', broadcast: false });
  expect(await gateway.findChatByUsername('nobody_x', never)).toBeUndefined();
});
