import { expect, test } from 'vitest';
import { command, ground } from './ground.js';

const context = ground({ DANGEROUS_MODULES: 'evaluate,terminal', TERMINAL_SHELL: 'on', GRAMSCRIBE_PACE: 'off' });

test('`.e` sees the chat as data and nothing of the daemon; `.t` runs a program with an environment of its own', async () => {
  const { sandbox, owner, anna } = context;
  const said = sandbox.send.text({ from: anna, to: owner, text: 'two words' });
  const code = `.e reply.text.split(' ').length + typeof process`;
  const typed = sandbox.send.text({ from: owner, to: anna, text: code, replyTo: said });
  const answer = await sandbox.waitForMessage(({ key, text }) => key === typed.key && text !== code, { timeoutMs: 120_000 });
  expect(answer.text).toMatch(/\n2undefined$/);
  expect(answer.entities.map(({ type }) => type)).toEqual(['pre', 'pre']);
  expect(await command(context, '.e for (const a of [1]) null.x')).toContain('Threw in line 1');
  const env = sandbox.send.text({ from: owner, to: anna, text: '.t env' });
  // On a busy machine its progress stands there first.
  const environment = await sandbox.waitForMessage(({ key, text }) => key === env.key && text.includes('PATH=') && !text.includes('⏳'), { timeoutMs: 120_000 });
  expect(environment.text.match(/^\w+(?==)/gm)?.sort()).toEqual(['GRAMSCRIBE_RUN', 'HOME', 'LANG', 'PATH']);
  expect(await command(context, '.audit')).toContain('.terminal');
});

test('a command of the machine is a freshly typed word of the owner: an edit and another person are refused', async () => {
  const { sandbox, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: 'hello' });
  sandbox.send.edit(typed, { text: '.t id' });
  const answer = await sandbox.waitForMessage((message) => message.key === typed.key && message.text.startsWith('⚠️'), { timeoutMs: 120_000 });
  expect(answer.text).not.toContain('uid');
  const strange = sandbox.send.text({ from: anna, to: owner, text: '.t id' });
  expect(await command(context, '.ping')).toMatch(/ms$/);
  expect(sandbox.world.messages.filter(({ replyTo }) => replyTo?.key === strange.key)).toEqual([]);
});

test('a command that kills the daemon is not run again by the next one, and a reminder comes to the chat that it was made in all the same', async () => {
  const { sandbox, daemon, owner, anna } = context;
  expect(await command(context, '.remind через 2 секунды чай')).toMatch(/^⏰ .+\nчай$/);
  sandbox.send.text({ from: owner, to: anna, text: '.sh kill -9 $PPID' });
  expect(await daemon.exited()).toBe('SIGKILL');
  await daemon.start();
  const { pid } = daemon;
  const due = await sandbox.waitForMessage(({ text }) => text.startsWith('⏰ чай'), { timeoutMs: 120_000 });
  expect(due.replyToKey).toBeDefined();
  expect(sandbox.messagesOf(due.chatKey, owner).filter(({ text }) => text.startsWith('⏰ чай'))).toHaveLength(1);
  expect(await command(context, '.ping')).toMatch(/ms$/);
  expect(daemon.pid).toBe(pid);
});
