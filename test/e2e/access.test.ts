import { expect, test } from 'vitest';
import type { SandboxChat, SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import { command, ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off' });

/** What the daemon answers to somebody else's command. */
async function answerTo(typed: SandboxMessage): Promise<string> {
  return (await context.sandbox.waitForMessage(({ replyToKey }) => replyToKey === typed.key, { timeoutMs: 60_000 })).text;
}

/** Types a command that asks, and says yes; resolves with the question and with what stands there in the end. */
async function confirmed(text: string, to: SandboxUser | SandboxChat, replyTo?: SandboxMessage): Promise<{ question: string; answer: string }> {
  const { sandbox, owner } = context;
  const typed = sandbox.send.text({ from: owner, to, text, ...(replyTo && { replyTo }) });
  const { text: question } = await sandbox.waitForMessage(({ key, text: now }) => key === typed.key && now.includes('.yes'), { timeoutMs: 60_000 });
  sandbox.send.text({ from: owner, to, text: '.yes' });
  const { text: answer } = await sandbox.waitForMessage(({ key, text: now }) => key === typed.key && /^(✅|⚠️)/.test(now), { timeoutMs: 60_000 });
  return { question, answer };
}

test('a right is given, used, taken back and audited; nobody else has it, and nothing of the owner’s is ever given', async () => {
  const { sandbox, daemon, owner, anna, boris } = context;
  await daemon.ensureStarted();
  const club = sandbox.addSupergroup({ title: 'Club', members: [owner, anna, boris] });
  expect(await command(context, '.grant @anna_k config', anna)).toContain('.config');
  expect((await confirmed('.grant @anna_k ping for 1h', anna)).answer).toContain('.ping');
  expect(sandbox.world.messages.some(({ text }) => text.startsWith('🔐 Anna (@anna_k)'))).toBe(true);

  const asked = sandbox.send.text({ from: anna, to: club, text: '.ping' });
  expect(await answerTo(asked)).toMatch(/ms$/);
  const ignored = [
    sandbox.send.text({ from: boris, to: club, text: '.ping' }),
    sandbox.send.text({ from: boris, to: owner, text: '.grant @boris_k ping' }),
    sandbox.send.forward({ from: anna, to: owner, message: asked }),
  ];
  expect(await answerTo(sandbox.send.text({ from: anna, to: owner, text: '.grant @boris_k ping' }))).toContain('🚫');
  expect(await command(context, '.rules')).toContain('Anna (@anna_k)');

  expect(await command(context, '.revoke @anna_k')).toContain('✅');
  const late = sandbox.send.text({ from: anna, to: club, text: '.ping' });
  const audit = await command(context, '.audit', boris);
  expect(audit).toMatch(/Boris.*refused/);
  expect(audit).toMatch(/Anna \(@anna_k\) used \.ping/);
  const answered = new Set(sandbox.world.messages.flatMap(({ replyTo }) => replyTo?.key ?? []));
  expect([...ignored, late].filter(({ key }) => answered.has(key))).toEqual([]);
});

test('a backup is sent to Saved Messages, and restored in reply to it', async () => {
  const { sandbox, daemon, owner } = context;
  await daemon.ensureStarted();
  expect(await command(context, '.backup', owner)).toContain('.config backup passphrase');
  const secret = sandbox.send.text({ from: owner, to: owner, text: '.config backup passphrase mountain violin seven harbour' });
  await sandbox.waitForMessage(({ text }) => text.startsWith('✅') && text.includes('passphrase'), { timeoutMs: 60_000 });
  await expect.poll(() => sandbox.messagesOf(secret.chatKey, owner).some(({ text }) => text.includes('violin'))).toBe(false);
  expect(await command(context, '.backup', owner)).toContain('✅');
  const file = await sandbox.waitForMessage(({ media }) => media?.kind === 'file', { timeoutMs: 60_000 });
  expect(sandbox.fileOf(file).subarray(0, 17).toString()).toBe('GRAMSCRIBE BACKUP');

  expect(await command(context, '.untrack')).toContain('Anna');
  const { question, answer } = await confirmed('.restore', owner, file);
  expect(question).toContain('+ Anna');
  expect(answer).toContain('✅');
  expect(await command(context, '.tracked')).toContain('Anna');
});
