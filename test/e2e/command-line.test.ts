import { expect, test } from 'vitest';
import { documentedModules } from '../../src/cli/documented-modules.js';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';
import { command, ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off', DANGEROUS_MODULES: 'evaluate, terminal', TERMINAL_SHELL: 'true' });

/** What one of the messages that are already there says, once it says something that fits. */
async function becomes(message: SandboxMessage, fits: (text: string) => boolean): Promise<string> {
  const changed = await context.sandbox.waitForMessage((one) => one.key === message.key && fits(one.text), { timeoutMs: 120_000 });
  return changed.text;
}

test('a command is understood as people type it, and what is wrong is answered in one line', async () => {
  expect(await command(context, '.ping')).toMatch(/^🏓/);
  expect(await command(context, 'Юзштп')).toMatch(/^🏓/);
  expect(await command(context, '.PING@me')).toMatch(/^🏓/);
  expect(await command(context, '.help')).toContain('.track');
  expect(await command(context, '.ping -h')).toContain('Examples');
  expect(await command(context, '.help "ping')).toContain('This quote is never closed: "ping. This way: .help');
  expect(await command(context, '.help ping pong')).toContain('One too many: “pong”.');
  expect(await command(context, '.pnig')).toBe('⚠️ There is no .pnig. Did you mean .ping?');
  expect(await command(context, '.yes')).toContain('Nothing is asked here');
  expect(await command(context, '.cancel --alll')).toContain('Did you mean --all?');
});

test('the prefix twice is taken off once, and what is left is not run', async () => {
  const { sandbox, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: '..ping' });
  expect(await becomes(typed, (text) => text !== '..ping')).toBe('.ping');
  // Had the rest been run, its answer would stand before the one to a command that came later.
  await command(context, '.ping');
  expect(sandbox.messagesOf(typed.chatKey, owner).find(({ key }) => key === typed.key)?.text).toBe('.ping');
});

test('an edited command runs again, and its answer is not taken for a command', async () => {
  const { sandbox, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.nothing like it' });
  sandbox.send.edit(typed, { text: '.help no' });
  await becomes(typed, (text) => text.startsWith('.no'));
  // `.no` stands there now, as the help's first word; it was asked nothing and must answer nothing.
  await command(context, '.ping');
  expect(sandbox.messagesOf(typed.chatKey, owner).find(({ key }) => key === typed.key)?.text).toContain('Examples');
});

test('a question is answered by `.no`, which is cleared away', async () => {
  const { sandbox, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.stop' });
  await becomes(typed, (text) => text.includes('.yes'));
  const no = sandbox.send.text({ from: owner, to: anna, text: '.no' });
  await becomes(typed, (text) => text !== '.stop' && !text.includes('.yes'));
  await expect.poll(() => sandbox.messagesOf(typed.chatKey, owner).some(({ key }) => key === no.key)).toBe(false);
});

test('what runs is cancelled, in reply or all of the chat, and says so', async () => {
  const { sandbox, owner, anna, daemon } = context;
  const running = ['.terminal sleep 600', '.terminal sleep 601'].map((text) => sandbox.send.text({ from: owner, to: anna, text }));
  await expect.poll(() => daemon.output.filter((line) => line.includes('"command":"terminal"') && line.includes('a command is run')).length).toBe(2);
  expect(await command(context, '.cancel')).toBe('✋ Cancelled: .terminal ×2');
  for (const typed of running) expect(await becomes(typed, (text) => text.includes('✋'))).toContain('.terminal');
  expect(await command(context, '.cancel')).toBe('👌 Nothing is running here.');
});

test('a line that may hold a secret does not stay where it could not be read', async () => {
  const { sandbox, owner, anna } = context;
  const typed = sandbox.send.text({ from: owner, to: anna, text: '.config backup "hunter2' });
  const said = await sandbox.waitForMessage(({ chatKey, text }) => chatKey === typed.chatKey && text.includes('.config [module]'), { timeoutMs: 120_000 });
  expect(said.text).not.toContain('hunter2');
  await expect.poll(() => sandbox.messagesOf(typed.chatKey, owner).some(({ text }) => text.includes('hunter2'))).toBe(false);
});

test('aliases, the prefix and the language of answers are the owner’s to choose', async () => {
  expect(await command(context, '.alias о = help ping')).toContain('help ping');
  expect(await command(context, '.j')).toContain('.ping');
  expect(await command(context, '.lang-ui ru')).toMatch(/[а-я]/);
  expect(await command(context, '.зштп -h')).toContain('Примеры');
  expect(await command(context, '.setprefix !')).toContain('!');
  expect(await command(context, '!ping')).toMatch(/^🏓/);
  expect(await command(context, '!setprefix .')).toContain('.');
  expect(await command(context, '.lang-ui en')).toMatch(/[a-z]/i);
});

test.each(['en', 'ru'] as const)('every command says in %s how it is typed, and refuses in one line what cannot be read', async (language) => {
  const commands = (await documentedModules()).flatMap((module) => module.commands);
  expect(commands.length).toBeGreaterThan(40);
  await command(context, `.lang-ui ${language}`);
  for (const { name, about, secret, flags } of commands) {
    expect(await command(context, `.${name} -h`)).toContain(about[language].summary);
    if (flags === undefined || Object.keys(flags).length === 0 || secret !== undefined) continue;
    expect(await command(context, `.${name} --no-such-flag ../../etc $(id) '`), name).toMatch(/^⚠️ [^\n]*--no-such-flag[^\n]*$/);
  }
  const unread = commands.filter(({ args, secret }) => secret === undefined && Object.values(args ?? {}).every(({ rest }) => rest !== true));
  for (const { name } of unread) expect(await command(context, `.${name} "; rm -rf / #`), name).toMatch(/^⚠️ [^\n]+$/);
  expect(context.daemon.output.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
