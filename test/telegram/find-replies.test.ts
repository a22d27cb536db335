import { expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { gatewayFor, startSandbox, type GatewayOnSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;
const places = ['private', 'group', 'supergroup'] as const;

interface Scene extends GatewayOnSandbox {
  sandbox: Sandbox;
  owner: SandboxUser;
  alice: SandboxUser;
  voice: SandboxMessage;
  message: IncomingMessage;
  /** Where the owner writes to answer the voice. */
  there: Parameters<Sandbox['send']['text']>[0]['to'];
}

async function aliceSpoke(place: (typeof places)[number]): Promise<Scene> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const alice = sandbox.addUser({ firstName: 'Alice' });
  const on = gatewayFor(sandbox, sandbox.stringSession(owner));
  await on.gateway.connect(never);
  const members = [alice, owner];
  const chat = {
    private: () => undefined,
    group: () => sandbox.addGroup({ title: 'Group', members }),
    supergroup: () => sandbox.addSupergroup({ title: 'Supergroup', members }),
  }[place]();
  const voice = sandbox.send.voice({ from: alice, to: chat ?? owner, bytes: Buffer.from('OggS'), durationSec: 1 });
  const message = await on.nextMessage((one) => one.voice !== undefined);
  return { sandbox, owner, alice, voice, message, there: chat ?? alice, ...on };
}

it.each(places)('what the account has answered in a %s chat is found, by hand and by us, and nothing else', async (place) => {
  const { sandbox, owner, alice, voice, message, there, gateway } = await aliceSpoke(place);
  const { chat, messageId } = message;
  expect(await gateway.findReplies(chat, messageId, never)).toEqual([]);
  const text = { text: '(1/2)\nwhat she said', entities: [{ type: 'collapsed-quote' as const, offset: 6, length: 13 }] };
  const ours = await gateway.sendText({ chat, text, replyToMessageId: messageId, randomId: '7' }, never);
  sandbox.send.text({ from: owner, to: there, text: 'by hand', replyTo: voice });
  sandbox.send.text({ from: owner, to: there, text: 'no answer' });
  sandbox.send.text({ from: alice, to: place === 'private' ? owner : there, text: 'her own words', replyTo: voice });
  expect(await gateway.findReplies(chat, messageId, never)).toEqual([
    { messageId: ours.messageId, text: text.text, collapsed: true },
    { messageId: expect.any(Number) as number, text: 'by hand', collapsed: false },
  ]);
});

it('is found behind a hundred later messages, and a late one among the newest', async () => {
  const { sandbox, owner, alice, voice, message, gateway } = await aliceSpoke('private');
  const chatter = (count: number): void => {
    for (let index = 0; index < count; index += 1) sandbox.send.text({ from: alice, to: owner, text: `chatter ${index}` });
  };
  sandbox.send.text({ from: owner, to: alice, text: 'at once', replyTo: voice });
  chatter(130);
  sandbox.send.text({ from: owner, to: alice, text: 'late', replyTo: voice });
  chatter(20);
  const found = await gateway.findReplies(message.chat, message.messageId, never);
  expect(found.map(({ text }) => text)).toEqual(['at once', 'late']);
});

it.each(['private', 'supergroup'] as const)('the access hash of a %s chat is looked up where it is not known', async (place) => {
  const { sandbox, owner, message } = await aliceSpoke(place);
  // Another process of the account, which has met nobody yet.
  const { gateway } = gatewayFor(sandbox, sandbox.stringSession(owner));
  await gateway.connect(never);
  const unknown = { ...message.chat, accessHash: '0' } as typeof message.chat;
  expect(await gateway.findChat(unknown, message.messageId, never)).toEqual(message.chat);
  expect(await gateway.findChat({ kind: 'user', id: '123', accessHash: '0' }, 1, never)).toMatchObject({ accessHash: '0' });
});
