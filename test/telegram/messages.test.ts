import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxUser } from '../../src/sandbox/control/views.js';
import { recordedLog } from '../support/silent-log.js';
import { gatewayFor, startSandbox, type GatewayOnSandbox } from './support/gateway-on-sandbox.js';
import { updatesTo } from './support/updates-to.js';

const never = new AbortController().signal;
const bytes = Buffer.from('OggS and the rest');

interface Scene extends GatewayOnSandbox {
  sandbox: Sandbox;
  owner: SandboxUser;
  alice: SandboxUser;
}

async function scene(): Promise<Scene> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga', lastName: 'Owner', username: 'olga', phone: '79990000001' });
  const alice = sandbox.addUser({ firstName: 'Alice', lastName: 'A.', username: 'alice' });
  const on = gatewayFor(sandbox, sandbox.stringSession(owner));
  await on.gateway.connect(never);
  return { sandbox, owner, alice, ...on };
}

describe('incoming messages', () => {
  it.each([
    ['voice', 'voice'],
    ['video-note', 'video-note'],
    ['audio', 'audio'],
    ['video', 'video'],
  ] as const)('has all that a later download of a %s needs', async (kind, expected) => {
    const { sandbox, owner, alice, nextMessage } = await scene();
    const sent = sandbox.send.media(kind, { from: alice, to: owner, bytes, durationSec: 7 });
    const message = await nextMessage((one) => one.hasMedia);
    expect(message).toMatchObject({
      ...{ chatKind: 'private', outgoing: false, forwarded: false, viaBot: false, hasMedia: true },
      chat: { kind: 'user', id: alice.id },
      sender: { kind: 'user', id: alice.id },
      messageId: sent.ids[owner.id],
      dateMs: sent.dateMs,
      voice: {
        kind: expected,
        documentId: sent.media?.documentId,
        sizeBytes: bytes.length,
        durationSec: 7,
        dcId: 2,
        mimeType: sent.media?.mimeType,
      },
    });
    expect(message.chat).not.toMatchObject({ accessHash: '0' });
  });

  it('knows that a file is media, and no voice', async () => {
    const { sandbox, owner, alice, nextMessage } = await scene();
    sandbox.send.file({ from: alice, to: owner, bytes, durationSec: 0, fileName: 'a.zip' });
    expect((await nextMessage((one) => one.hasMedia)).voice).toBeUndefined();
  });

  it('tells a group, a supergroup and a channel apart', async () => {
    const { sandbox, owner, alice, nextMessage } = await scene();
    const group = sandbox.addGroup({ title: 'Group', members: [alice, owner] });
    const supergroup = sandbox.addSupergroup({ title: 'Supergroup', members: [alice, owner] });
    const channel = sandbox.addChannel({ title: 'Channel', members: [alice, owner] });
    for (const to of [group, supergroup, channel]) sandbox.send.voice({ from: alice, to, bytes, durationSec: 1 });
    const inGroup = await nextMessage((one) => one.voice !== undefined && one.chatKind === 'group');
    const inSupergroup = await nextMessage((one) => one.voice !== undefined && one.chatKind === 'supergroup');
    const inChannel = await nextMessage((one) => one.voice !== undefined && one.chatKind === 'channel');
    expect(inGroup).toMatchObject({ chat: { kind: 'group', id: group.id }, sender: { id: alice.id } });
    expect(inSupergroup).toMatchObject({ chat: { kind: 'channel', id: supergroup.id }, sender: { id: alice.id } });
    expect(inChannel.chat).toMatchObject({ kind: 'channel', id: channel.id });
    expect(inChannel.sender).toBeUndefined();
    expect(inSupergroup.chat).not.toMatchObject({ accessHash: '0' });
  });

  it('can answer a short update from somebody whom this process has never met', async () => {
    const { sandbox, owner, alice, gateway, nextMessage } = await scene();
    const sent = sandbox.send.text({ from: alice, to: owner, text: 'a plain text' });
    const message = await nextMessage((one) => one.text === 'a plain text');
    expect(message).toMatchObject({ chatKind: 'private', sender: { id: alice.id }, hasMedia: false });
    await gateway.sendText(
      { chat: message.chat, text: { text: 'answer', entities: [] }, replyToMessageId: message.messageId, randomId: '1' },
      never,
    );
    await sandbox.waitForReply(sent);
    expect(sandbox.rpcLog.calls('messages.getMessages')).toHaveLength(1);
  });

  it('sees what the owner writes on another device as outgoing, with a chat that can be answered', async () => {
    const { sandbox, owner, alice, nextMessage } = await scene();
    sandbox.send.text({ from: owner, to: alice, text: '.help' });
    const message = await nextMessage((one) => one.text === '.help');
    expect(message).toMatchObject({ outgoing: true, sender: { id: owner.id }, chat: { kind: 'user', id: alice.id } });
    expect(message.chat).not.toMatchObject({ accessHash: '0' });
  });

  it('takes what the owner writes to themselves for outgoing, and what they forward there not for a command', async () => {
    const { sandbox, owner, alice, nextMessage } = await scene();
    sandbox.send.text({ from: owner, to: owner, text: '.status' });
    expect(await nextMessage((one) => one.text === '.status')).toMatchObject({ outgoing: true, chat: { id: owner.id } });
    const theirs = sandbox.send.text({ from: alice, to: owner, text: '.stop' });
    sandbox.send.forward({ from: owner, to: owner, message: theirs });
    expect((await nextMessage((one) => one.text === '.stop' && one.chat.id === owner.id)).forwarded).toBe(true);
  });

  it('marks edits, and says what a message answers and which bot it came through', async () => {
    const { sandbox, owner, alice, nextMessage } = await scene();
    const bot = sandbox.addUser({ firstName: 'Bot', username: 'some_bot', bot: true });
    const first = sandbox.send.text({ from: alice, to: owner, text: 'first' });
    sandbox.send.text({ from: alice, to: owner, text: 'second', replyTo: first, viaBot: bot });
    const second = await nextMessage((one) => one.text === 'second');
    expect(second).toMatchObject({ viaBot: true, replyToMessageId: first.ids[owner.id], edited: false });
    sandbox.send.edit(first, { text: 'first, edited' });
    const edited = await nextMessage((one) => one.text === 'first, edited');
    expect(edited).toMatchObject({ edited: true, messageId: first.ids[owner.id] });
  });

  it('lets nobody see what the service account sends: no handler, no log', async () => {
    const sandbox = await startSandbox();
    const owner = sandbox.addUser({ firstName: 'Olga', phone: '79990000001' });
    const alice = sandbox.addUser({ firstName: 'Alice' });
    const { log, lines } = recordedLog();
    const { gateway, received, nextMessage } = gatewayFor(sandbox, sandbox.stringSession(owner), { log });
    await gateway.connect(never);
    sandbox.send.text({ from: '777000', to: owner, text: 'Login code: 47110' });
    sandbox.send.voice({ from: '777000', to: owner, bytes, durationSec: 1, caption: 'Login code: 47110' });
    sandbox.send.text({ from: alice, to: owner, text: 'later' });
    await nextMessage((one) => one.text === 'later');
    expect(received.map((one) => one.text)).toEqual(['later']);
    expect(JSON.stringify(lines)).not.toContain('Login code');
    const [, code] = sandbox.messagesOf(sandbox.privateChat('777000', owner), owner);
    expect(code).toMatchObject({ text: 'Login code: 47110' });
    const codeId = code?.id ?? 0;
    const chat = { kind: 'user', id: '777000', accessHash: '1' } as const;
    expect(await gateway.getMessage(chat, codeId, never)).toBeUndefined();
  });

  it('goes on after a handler that throws', async () => {
    const sandbox = await startSandbox();
    const owner = sandbox.addUser({ firstName: 'Olga' });
    const alice = sandbox.addUser({ firstName: 'Alice' });
    let calls = 0;
    const third = new Promise<void>((resolve) => {
      const onEvent = (): void => {
        calls += 1;
        if (calls === 3) resolve();
        throw new Error('a bug in a handler');
      };
      const updates = () => ({ ...updatesTo(() => undefined), onEvent });
      const { gateway } = gatewayFor(sandbox, sandbox.stringSession(owner), { updates });
      void gateway.connect(never).then(() => {
        for (const text of ['1', '2', '3']) sandbox.send.text({ from: alice, to: owner, text });
      });
    });
    await third;
  });

  it('reads a message again: as it is, as edited, as deleted, and only in its own chat', async () => {
    const { sandbox, owner, alice, gateway, nextMessage } = await scene();
    const sent = sandbox.send.voice({ from: alice, to: owner, bytes, durationSec: 1, caption: 'one' });
    const message = await nextMessage((one) => one.voice !== undefined);
    expect(await gateway.getMessage(message.chat, message.messageId, never)).toEqual(message);
    sandbox.send.edit(sent, { text: 'two' });
    expect(await gateway.getMessage(message.chat, message.messageId, never)).toMatchObject({ text: 'two', edited: true });
    expect(await gateway.getMessage(gateway.self.peer, message.messageId, never)).toBeUndefined();
    sandbox.send.delete(sent);
    expect(await gateway.getMessage(message.chat, message.messageId, never)).toBeUndefined();
  });

  it('reads a message of a supergroup again', async () => {
    const { sandbox, owner, alice, gateway, nextMessage } = await scene();
    const supergroup = sandbox.addSupergroup({ title: 'Supergroup', members: [alice, owner] });
    sandbox.send.voice({ from: alice, to: supergroup, bytes, durationSec: 1 });
    const message = await nextMessage((one) => one.voice !== undefined);
    expect(await gateway.getMessage(message.chat, message.messageId, never)).toEqual(message);
  });
});

describe('people', () => {
  it('are found by user name, whether or not they were met', async () => {
    const { alice, gateway } = await scene();
    expect(await gateway.findPersonByUsername('alice', never)).toMatchObject({
      name: 'Alice A.',
      username: 'alice',
      peer: { kind: 'user', id: alice.id },
    });
    expect(await gateway.findPersonByUsername('nobody_at_all', never)).toBeUndefined();
  });

  it('are not found by the user name of a channel', async () => {
    const { sandbox, owner, gateway } = await scene();
    sandbox.addChannel({ title: 'News', members: [owner], username: 'the_news' });
    expect(await gateway.findPersonByUsername('the_news', never)).toBeUndefined();
  });

  it('are found by id among those who were met, also after a reconnect', async () => {
    const { sandbox, owner, alice, gateway, nextMessage } = await scene();
    expect(await gateway.findPersonById('123456', never)).toBeUndefined();
    sandbox.send.voice({ from: alice, to: owner, bytes, durationSec: 1 });
    await nextMessage((one) => one.voice !== undefined);
    await gateway.connect(never);
    expect(await gateway.findPersonById(alice.id, never)).toMatchObject({ name: 'Alice A.', username: 'alice' });
  });
});
