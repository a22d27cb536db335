import { expect, test } from 'vitest';
import { command, ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off' });
test('an edit of the owner’s runs, in place, and again; what the daemon wrote itself does not, though Telegram tells it so', async () => {
  const { sandbox, daemon, owner, anna } = context;
  await daemon.ensureStarted();
  sandbox.faults.echo(owner);
  const answered = (key: number, old: string) => sandbox.waitForMessage((message) => message.key === key && message.text !== old, { timeoutMs: 60_000 });
  const typed = sandbox.send.text({ from: owner, to: anna, text: 'hello' });
  sandbox.send.edit(typed, { text: '.ping' });
  expect((await answered(typed.key, '.ping')).text).toMatch(/ms$/);
  expect(await command(context, '.note trap .status')).not.toContain('⚠️');
  const shown = sandbox.send.text({ from: owner, to: anna, text: '.note trap' });
  expect((await answered(shown.key, '.note trap')).text).toBe('.status');
  sandbox.send.deliverAgain(shown, 'edit');
  sandbox.send.touch(shown);
  expect(await command(context, '.ping')).toMatch(/ms$/);
  expect(sandbox.message(shown).text).toBe('.status');
  sandbox.faults.echo(owner, false);
});

test('.logs and .info send files, .restart says that nobody would start it, .stop asks and ends with status 0', async () => {
  const { sandbox, daemon, owner, anna } = context;
  await daemon.ensureStarted();
  const sent = (kind: string) => sandbox.waitForMessage(({ media }) => media?.kind === kind && media.sizeBytes > 1000, { timeoutMs: 60_000 });
  sandbox.send.text({ from: owner, to: anna, text: '.info' });
  expect(sandbox.fileOf(await sent('photo')).readUInt32BE(16)).toBe(1280);
  sandbox.send.text({ from: owner, to: anna, text: '.logs info' });
  const log = sandbox.fileOf(await sent('file')).toString();
  expect(log).toContain('The bot is running!');
  expect(log).not.toContain('0123456789abcdef');
  expect(await command(context, '.restart')).toContain('npm start');
  expect(await command(context, '.stop')).toContain('.yes');
  sandbox.send.text({ from: owner, to: anna, text: '.yes' });
  expect(await daemon.exited()).toBe(0);
});
