import { describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '../../src/errors.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxChat, SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import type { FormattedText } from '../../src/telegram/formatted-text.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import type { OutgoingText } from '../../src/telegram/telegram-gateway.js';
import { gatewayFor, startSandbox, type GatewayOnSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;

function plain(text: string): FormattedText {
  return { text, entities: [] };
}

interface Scene extends GatewayOnSandbox {
  sandbox: Sandbox;
  owner: SandboxUser;
  alice: SandboxUser;
  voice: SandboxMessage;
  message: IncomingMessage;
  /** An answer to the voice. */
  answer: (text: string, randomId: string) => OutgoingText;
}

type Place = 'private' | 'group' | 'supergroup';

/** A connected gateway that was just told of Alice's voice. */
async function aliceSpoke(place: Place = 'private', callMs = 20_000): Promise<Scene> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const alice = sandbox.addUser({ firstName: 'Alice' });
  const on = gatewayFor(sandbox, sandbox.stringSession(owner), { timeouts: { callMs } });
  await on.gateway.connect(never);
  const members = [alice, owner];
  const chat: SandboxChat | SandboxUser = {
    private: () => owner,
    group: () => sandbox.addGroup({ title: 'Group', members }),
    supergroup: () => sandbox.addSupergroup({ title: 'Supergroup', members }),
  }[place]();
  const voice = sandbox.send.voice({ from: alice, to: chat, bytes: Buffer.from('OggS'), durationSec: 1 });
  const message = await on.nextMessage((one) => one.voice !== undefined);
  const answer = (text: string, randomId: string): OutgoingText => ({
    ...{ chat: message.chat, text: plain(text), replyToMessageId: message.messageId, randomId },
  });
  return { sandbox, owner, alice, voice, message, answer, ...on };
}

describe('sendText', () => {
  it.each(['private', 'group', 'supergroup'] as const)('answers in a %s chat and says which message it was', async (place) => {
    const { sandbox, owner, voice, gateway, answer } = await aliceSpoke(place);
    const sent = await gateway.sendText(answer('what she said', '-9223372036854775808'), never);
    const seen = await sandbox.waitForReply(voice);
    expect(seen).toMatchObject({ text: 'what she said', fromUserId: owner.id });
    expect(sent).toEqual({ messageId: seen.ids[owner.id] ?? Object.values(seen.ids)[0], alreadyStood: false });
  });

  it('keeps every style, with a collapsed quote', async () => {
    const { sandbox, voice, gateway, answer } = await aliceSpoke();
    const types = ['bold', 'italic', 'code', 'pre', 'quote', 'collapsed-quote', 'spoiler'] as const;
    const entities = types.map((type, offset) => ({ type, offset: offset * 2, length: 1 }));
    await gateway.sendText({ ...answer('a b c d e f g', '5'), text: { text: 'a b c d e f g', entities } }, never);
    const seen = await sandbox.waitForReply(voice);
    expect(seen.entities).toEqual(entities.map((one) => expect.objectContaining(one) as unknown));
  });

  it.each(['private', 'group', 'supergroup'] as const)(
    'finds the message that stands where its random id was sent before, in a %s chat',
    async (place) => {
      const { sandbox, gateway, answer } = await aliceSpoke(place);
      const first = await gateway.sendText(answer('the answer', '42'), never);
      await gateway.sendText(answer('another part', '43'), never);
      const again = await gateway.sendText(answer('the answer', '42'), never);
      expect(again).toEqual({ messageId: first.messageId, alreadyStood: true });
      expect(sandbox.rpcLog.calls('messages.sendMessage')).toHaveLength(3);
    },
  );

  it('finds it also where the answer to the first attempt was lost', async () => {
    const { sandbox, owner, voice, gateway, answer } = await aliceSpoke('private', 300);
    sandbox.faults.silenceNext('messages.sendMessage', { takesEffect: true });
    await expect(gateway.sendText(answer('the answer', '42'), never)).rejects.toThrow(RetryableError);
    const again = await gateway.sendText(answer('the answer', '42'), never);
    const seen = await sandbox.waitForReply(voice);
    expect(again).toEqual({ messageId: seen.ids[owner.id], alreadyStood: true });
  });

  it('finds it also where the connection broke after the message was taken', async () => {
    const { sandbox, owner, voice, gateway, answer } = await aliceSpoke();
    sandbox.faults.cutNext('messages.sendMessage', { takesEffect: true });
    await expect(gateway.sendText(answer('the answer', '42'), never)).rejects.toThrow(RetryableError);
    await gateway.connect(never);
    const again = await gateway.sendText(answer('the answer', '42'), never);
    expect(again).toEqual({ messageId: (await sandbox.waitForReply(voice)).ids[owner.id], alreadyStood: true });
    const all = sandbox.messagesOf(sandbox.privateChat(voice.fromUserId, owner), owner);
    expect(all.filter((one) => one.text === 'the answer')).toHaveLength(1);
  });

  it('says that the message stands already where it stands with another text: a progress text', async () => {
    const { gateway, answer } = await aliceSpoke();
    const progress = await gateway.sendText(answer('working on it', '42'), never);
    const again = await gateway.sendText(answer('the final text', '42'), never);
    expect(again).toEqual({ messageId: progress.messageId, alreadyStood: true });
  });

  it('posts nothing where the answer that stood was deleted meanwhile', async () => {
    const { sandbox, owner, voice, gateway, answer } = await aliceSpoke();
    await gateway.sendText(answer('the answer', '42'), never);
    sandbox.send.delete(await sandbox.waitForReply(voice));
    expect(await gateway.sendText(answer('the answer', '42'), never)).toMatchObject({ alreadyStood: true });
    const all = sandbox.messagesOf(sandbox.privateChat(voice.fromUserId, owner), owner);
    expect(all.filter((one) => one.text === 'the answer')).toHaveLength(0);
  });

  describe('where Telegram is still at an earlier call with the same random id', () => {
    const duplicate = { code: 500, message: 'RANDOM_ID_DUPLICATE' };

    it.each(['private', 'group', 'supergroup'] as const)('finds its message in a %s chat', async (place) => {
      const { sandbox, gateway, answer } = await aliceSpoke(place);
      await gateway.sendText(answer('one part', '41'), never);
      const first = await gateway.sendText(answer('the answer', '42'), never);
      sandbox.faults.failNext('messages.sendMessage', duplicate);
      const again = await gateway.sendText(answer('the answer', '42'), never);
      expect(again).toEqual({ messageId: first.messageId, alreadyStood: true });
    });

    it('says to try again where another text stands, which may be the words of the owner', async () => {
      const { sandbox, owner, alice, voice, gateway, answer } = await aliceSpoke();
      sandbox.send.text({ from: owner, to: alice, text: 'I will call you', replyTo: voice });
      sandbox.faults.failNext('messages.sendMessage', duplicate, 5);
      await expect(gateway.sendText(answer('the answer', '42'), never)).rejects.toThrow(RetryableError);
    });

    it('finds it behind more than a hundred later messages', async () => {
      const { sandbox, owner, alice, gateway, answer } = await aliceSpoke();
      const first = await gateway.sendText(answer('the answer', '42'), never);
      for (let count = 0; count < 120; count += 1) sandbox.send.text({ from: alice, to: owner, text: `chatter ${count}` });
      sandbox.faults.failNext('messages.sendMessage', duplicate);
      expect(await gateway.sendText(answer('the answer', '42'), never)).toEqual({ ...first, alreadyStood: true });
    });

    it("never takes somebody else's words for its own, and says to try again", async () => {
      const { sandbox, owner, alice, voice, gateway, answer } = await aliceSpoke();
      sandbox.send.text({ from: alice, to: owner, text: 'the answer', replyTo: voice });
      sandbox.send.text({ from: owner, to: alice, text: 'the answer' });
      // More than once, because teleproto tries by itself, too.
      sandbox.faults.failNext('messages.sendMessage', duplicate, 5);
      await expect(gateway.sendText(answer('the answer', '42'), never)).rejects.toThrow(RetryableError);
    });
  });

  it('says that the chat cannot be written to, and that the message is gone', async () => {
    const { sandbox, owner, voice, gateway, answer } = await aliceSpoke('supergroup');
    sandbox.faults.forbidWriting(voice.chatKey, owner);
    await expect(gateway.sendText(answer('x', '1'), never)).rejects.toMatchObject({ reason: 'cannot-write' });
    sandbox.faults.forbidWriting(voice.chatKey, owner, false);
    sandbox.faults.removeMember(voice.chatKey, owner);
    await expect(gateway.sendText(answer('x', '2'), never)).rejects.toMatchObject({ reason: 'cannot-write' });
    sandbox.faults.removeMember(voice.chatKey, owner, false);
    sandbox.faults.failNext('messages.sendMessage', { code: 400, message: 'REPLY_MESSAGE_ID_INVALID' });
    await expect(gateway.sendText(answer('x', '3'), never)).rejects.toThrow(PermanentError);
  });

  it.each([0, 3])('tells that Telegram asks to wait %i s instead of sleeping on it or trying by itself', async (seconds) => {
    const { sandbox, gateway, answer } = await aliceSpoke();
    sandbox.faults.failNext('messages.sendMessage', { code: 420, message: `FLOOD_WAIT_${seconds}` });
    await expect(gateway.sendText(answer('x', '1'), never)).rejects.toMatchObject({ retryAfterMs: seconds * 1000 });
    expect(sandbox.rpcLog.calls('messages.sendMessage')).toHaveLength(1);
    sandbox.faults.failNext('messages.sendMessage', { code: 420, message: 'SLOWMODE_WAIT_10' });
    await expect(gateway.sendText(answer('x', '1'), never)).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect((await gateway.sendText(answer('x', '1'), never)).alreadyStood).toBe(false);
  });
});

describe('the other things that are done to messages', () => {
  it.each(['private', 'supergroup'] as const)('edits and deletes in a %s chat', async (place) => {
    const { sandbox, voice, message, gateway, answer } = await aliceSpoke(place);
    const { messageId } = await gateway.sendText(answer('one', '1'), never);
    await gateway.editText(message.chat, messageId, { text: 'two', entities: [{ type: 'bold', offset: 0, length: 3 }] }, never);
    await sandbox.waitForMessage((one) => one.text === 'two' && one.entities[0]?.type === 'bold');
    await gateway.editText(message.chat, messageId, { text: 'two', entities: [{ type: 'bold', offset: 0, length: 3 }] }, never);
    await gateway.deleteMessages(message.chat, [messageId], never);
    expect(await gateway.getMessage(message.chat, messageId, never)).toBeUndefined();
    expect(sandbox.message(voice).ids).not.toEqual({});
    await expect(gateway.editText(message.chat, messageId, plain('three'), never)).rejects.toMatchObject({
      reason: 'deleted',
    });
  });

  it('shows that it is typing', async () => {
    const { sandbox, owner, message, gateway } = await aliceSpoke();
    await gateway.sendTyping(message.chat, never);
    expect(sandbox.rpcLog.calls('messages.setTyping', { userId: owner.id })).toHaveLength(1);
  });
});
