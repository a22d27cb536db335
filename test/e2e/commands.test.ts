import { expect, test } from 'vitest';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';
import { SERVICE_USER_ID } from '../../src/sandbox/world/model.js';
import { command, ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off' });
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** By whom, how often: the refusals of `.status` in the audit list. */
async function refusals(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of (await command(context, '.audit 100')).split('\n')) {
    const [, whom, times] = /⛔ (.+): \.status refused, .*?(?: ×(\d+))?$/.exec(line) ?? [];
    if (whom !== undefined) counts[whom] = (counts[whom] ?? 0) + Number(times ?? 1);
  }
  return counts;
}

/** What was injected still says what it said, and nobody has answered it. */
function expectUntouched(messages: Record<string, SandboxMessage>): void {
  const { sandbox } = context;
  const now = Object.entries(messages).map(([how, { key }]) => [how, sandbox.message(key).text]);
  expect(Object.fromEntries(now)).toEqual(Object.fromEntries(Object.entries(messages).map(([how, { text }]) => [how, text])));
  const keys = new Set(Object.values(messages).map(({ key }) => key));
  const answers = sandbox.world.messages.filter(({ key, replyTo }) => replyTo !== undefined && keys.has(replyTo.key) && !keys.has(key));
  expect(answers.map(({ text }) => text)).toEqual([]);
}

test('what only looks like a command of the owner is left alone, and written down: forwards, captions, bots, strangers, service messages, other admins', async () => {
  const { sandbox, daemon, owner, anna, boris } = context;
  await daemon.ensureStarted();
  const { send } = sandbox;
  const bot = sandbox.addUser({ firstName: 'Inline', username: 'inline_bot', bot: true });
  const channel = sandbox.addChannel({ title: 'News', members: [owner, anna] });
  const group = sandbox.addSupergroup({ title: 'Club', members: [owner, anna, boris] });
  const text = '.status';
  const said = send.text({ from: anna, to: owner, text });
  const post = send.text({ from: owner, to: channel, text: 'news' });
  const injected = {
    'a stranger types it': said,
    'a stranger types it in a group': send.text({ from: boris, to: group, text }),
    'a stranger edits it in': send.edit(send.text({ from: anna, to: owner, text: 'hello' }), { text }),
    'the owner forwards it': send.forward({ from: owner, to: boris, message: said }),
    'an inline bot writes it for the owner': send.text({ from: owner, to: anna, text, viaBot: bot }),
    'a caption of a picture': send.media('photo', { from: owner, to: anna, bytes: PIXEL, durationSec: 0, caption: text }),
    'a caption of a file': send.file({ from: owner, to: anna, bytes: Buffer.from('x'), durationSec: 0, caption: text }),
    'a caption that is edited in': send.edit(send.file({ from: owner, to: anna, bytes: Buffer.from('x'), durationSec: 0, caption: 'x' }), { text }),
    'another admin edits the owner’s post': send.edit(post, { text }),
    'the service account writes it': send.text({ from: SERVICE_USER_ID, to: owner, text }),
    'a reply that quotes it': send.text({ from: owner, to: anna, text: 'look at this', replyTo: said }),
    'it is escaped': send.text({ from: owner, to: anna, text: `the word ${text}` }),
  };
  expect(await command(context, '.ping')).toMatch(/ms$/);
  expectUntouched(injected);
  await expect.poll(refusals).toEqual({ 'Anna (@anna_k)': 2, 'Boris (@boris_k)': 1, you: 6 });
});

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
