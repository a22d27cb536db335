import { expect, test } from 'vitest';
import type { SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import { clip, words } from '../support/clips.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off' });
const CLIP = '04-en.ogg';

/** Types a command in reply to a message; resolves with the answer. */
async function commandTo(message: SandboxMessage, text: string, to: SandboxUser = context.anna): Promise<string> {
  const { sandbox, owner } = context;
  const typed = sandbox.send.text({ from: owner, to, text, replyTo: message });
  return (await sandbox.waitForMessage((one) => one.key === typed.key && one.text !== text, { timeoutMs: 60_000 })).text;
}

function saved(): SandboxMessage[] {
  const { sandbox, owner } = context;
  return sandbox.messagesOf(sandbox.privateChat(owner, owner).key, owner);
}

test('a text goes to Saved Messages once, also when the daemon is killed after Telegram took it and forgot every random id', async () => {
  const { sandbox, daemon } = context;
  expect(await command(context, '.mode saved')).toContain('Texts in this chat: Saved Messages');
  const takeBack = sandbox.faults.add('messages.SendMessage', { kind: 'silence', takesEffect: true }, { times: 1 });
  const voice = annaSays(context, CLIP);
  await sandbox.waitForMessage(({ text }) => text.startsWith('🎙 Anna · '), { timeoutMs: 60_000 });
  takeBack();
  await daemon.end('SIGKILL');
  sandbox.faults.forgetRandomIds();
  await daemon.start();
  expect(await answersTo(context, voice)).toEqual([]);
  const [message, ...more] = saved().filter(({ text }) => text.startsWith('🎙 '));
  expect(more).toEqual([]);
  expect(words(message?.text.split('\n')[1] ?? '')).toBe(clip(CLIP).text);
  expect(await command(context, '.mode reset')).toContain('a reply');
});

test('own voices carry their text as a caption where the owner wants that', async () => {
  const { sandbox, owner, anna } = context;
  expect(await command(context, '.config voice own private')).toContain('private');
  await command(context, '.mode caption');
  const { bytes, durationSec, text } = clip(CLIP);
  const own = sandbox.send.voice({ from: owner, to: anna, bytes, durationSec });
  expect(await answersTo(context, own)).toEqual([]);
  expect(words(sandbox.message(own).text)).toBe(text);
  expect(await commandTo(own, '.why')).toMatch(/^✅ Taken, because it is your own, and own voices are on there\.\n📮 Delivered: the caption/);
  await command(context, '.mode reset');
});

test('a voice of somebody who is not tracked is left alone for a reason, and written down on demand', async () => {
  const { sandbox, owner, boris } = context;
  const { bytes, durationSec, text } = clip(CLIP);
  const voice = sandbox.send.voice({ from: boris, to: owner, bytes, durationSec });
  expect(await commandTo(voice, '.why', boris)).toContain('neither person nor chat is tracked');
  expect(await commandTo(voice, '.transcribe', boris)).toContain('the text comes under it');
  // The two commands answer the voice, too.
  const answers = (await answersTo(context, voice)).filter((one) => words(one.text) === text);
  expect(answers).toHaveLength(1);
});

test('in a tracked group everyone is written down', async () => {
  const { sandbox, owner, anna, boris } = context;
  const group = sandbox.addSupergroup({ title: 'Family', members: [owner, anna, boris] });
  const typed = sandbox.send.text({ from: owner, to: group, text: '.track here 3h' });
  await sandbox.waitForMessage(({ key, text }) => key === typed.key && text === '✅ Now tracking: Family (for 3 h)', { timeoutMs: 30_000 });
  const { bytes, durationSec, text } = clip(CLIP);
  const voice = sandbox.send.voice({ from: boris, to: group, bytes, durationSec });
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(text);
});

test('who says so is left alone until they take it back; so is everybody while the module is off', async () => {
  const { sandbox, owner, anna } = context;
  sandbox.send.text({ from: anna, to: owner, text: '/notranscribe' });
  await sandbox.waitForMessage(({ text, fromUserId }) => fromUserId === owner.id && text.startsWith('🙅 Understood'), { timeoutMs: 30_000 });
  const refused = annaSays(context, CLIP);
  expect(await commandTo(refused, '.why')).toContain('the person does not want it');
  sandbox.send.text({ from: anna, to: owner, text: '/transcribe me' });
  await sandbox.waitForMessage(({ text }) => text.startsWith('👌 Understood'), { timeoutMs: 30_000 });
  expect(await command(context, '.disable voice')).toContain('voice');
  const whileOff = annaSays(context, CLIP);
  await command(context, '.ping');
  expect(await command(context, '.enable voice')).toContain('voice');
  const later = annaSays(context, CLIP);
  await onlyAnswerTo(context, later);
  for (const voice of [refused, whileOff]) {
    expect(sandbox.messagesOf(voice.chatKey, owner).filter(({ replyToKey, text }) => replyToKey === voice.key && !text.startsWith('⏸'))).toEqual([]);
  }
});
