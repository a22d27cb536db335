import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import type { SandboxChat, SandboxMessage } from '../../../src/sandbox/control/views.js';
import { SERVICE_USER_ID } from '../../../src/sandbox/world/model.js';
import { annaSays, command, ground, onlyAnswerTo } from '../ground.js';

/** What every voice says here, so that the daemon itself writes a command. */
const SAID = '/ping now';
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const segment = { id: 0, start: 0, end: 2, text: ` ${SAID}`, avg_logprob: -0.1, compression_ratio: 0.8, no_speech_prob: 0.01, temperature: 0, tokens: [1] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ task: 'transcribe', language: 'english', duration: 2, text: SAID, segments: [segment] }));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
afterAll(() => server.close());

const context = ground({
  GRAMSCRIBE_PACE: 'off',
  DANGEROUS_MODULES: 'evaluate, terminal',
  GRAMSCRIBE_ENGINE: 'openai',
  GRAMSCRIBE_OPENAI_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const ANNA = 'Anna (@anna_k)';
const BORIS = 'Boris (@boris_k)';
const OWNER = 'you';
/** How the audit list shows refusals: by whom, why, how many. */
const REFUSED = /⛔ (.+): \S+ refused, (.+?)(?: ×(\d+))?$/;

/** Whom the audit list names; nothing where it was no command, or Telegram's own account wrote it, which no module sees. */
type Audited = string | undefined;

/** Who was refused how often. */
async function refusals(): Promise<Record<string, number>> {
  const lines = (await command(context, '.audit 100')).split('\n');
  return Object.fromEntries(lines.flatMap((line) => [REFUSED.exec(line) ?? []].flatMap(([, whom, , times]) => (whom === undefined ? [] : [[whom, Number(times ?? 1)]]))));
}

/** What was injected still says what it said, and nobody has answered it. */
function expectUntouched(messages: ReadonlyMap<string, SandboxMessage>): void {
  const { sandbox } = context;
  const texts = (of: (message: SandboxMessage) => string): Record<string, string> => Object.fromEntries([...messages].map(([how, message]) => [how, of(message)]));
  expect(texts(({ key }) => sandbox.message(key).text)).toEqual(texts(({ text }) => text));
  const keys = new Set([...messages.values()].map(({ key }) => key));
  const answers = sandbox.world.messages.filter(({ key, replyTo }) => replyTo !== undefined && keys.has(replyTo.key) && !keys.has(key));
  expect(answers.map(({ text }) => text)).toEqual([]);
}

/** By how: what was sent, and what the audit list has of it. */
function injections(text: string): Record<string, [SandboxMessage, Audited?]> {
  const { sandbox, owner, anna, boris } = context;
  const { send } = sandbox;
  const bot = sandbox.addUser({ firstName: 'Helper', username: 'helper_bot', bot: true });
  const namesake = sandbox.addUser({ firstName: 'Owner', username: 'owner_himself' });
  const codes = sandbox.addUser({ firstName: 'Verification Codes', id: '489000' });
  const news = sandbox.addChannel({ title: 'News', members: [owner, anna] });
  const club = sandbox.addSupergroup({ title: 'Club', members: [owner, anna, boris] });
  const ownersGroup = sandbox.addSupergroup({ title: 'Owner', members: [owner, boris] });
  const friends = sandbox.addGroup({ title: 'Friends', members: [owner, boris] });
  const said = send.text({ from: anna, to: owner, text });
  const post = send.text({ from: owner, to: news, text: 'news' });
  const file = { bytes: Buffer.from('x'), durationSec: 0 };
  const mine = { from: owner, to: anna, text };
  const nobodyIn = ({ id = '' }: SandboxChat): string => `somebody without a name in the chat -100${id}`;
  return {
    'a stranger types it': [said, ANNA],
    'a stranger types it in a group': [send.text({ from: boris, to: club, text }), BORIS],
    'a stranger types it in a basic group': [send.text({ from: boris, to: friends, text }), BORIS],
    'a stranger types it in reply to the owner': [send.text({ from: anna, to: owner, text, replyTo: send.text({ from: owner, to: anna, text: 'hello' }) }), ANNA],
    'a stranger says whom it is for': [send.text({ from: boris, to: club, text: `${text}@me` })],
    'a stranger edits it in': [send.edit(send.text({ from: anna, to: owner, text: 'hello' }), { text }), ANNA],
    'a stranger types it on the other keyboard': [send.text({ from: boris, to: club, text: 'юзштп' }), BORIS],
    'a stranger has the owner’s name': [send.text({ from: namesake, to: owner, text }), 'Owner (@owner_himself)'],
    'a stranger types it in a group that has the owner’s name': [send.text({ from: boris, to: ownersGroup, text }), BORIS],
    'a stranger answers what the owner may be asked': [send.text({ from: anna, to: owner, text: '.yes' }), ANNA],
    'a bot writes it': [send.text({ from: bot, to: owner, text }), 'Helper (@helper_bot)'],
    'a bot puts it on a keyboard': [send.text({ from: bot, to: owner, text: 'press here', keyboard: [text] })],
    'an inline bot writes it for a stranger': [send.text({ from: boris, to: club, text, viaBot: bot }), BORIS],
    'an inline bot writes it for the owner': [send.text({ ...mine, viaBot: bot }), OWNER],
    'a business bot writes it in the owner’s name': [send.text({ ...mine, businessBot: bot }), OWNER],
    'a stranger forwards what the owner wrote': [send.forward({ from: anna, to: owner, message: post })],
    'the owner forwards it': [send.forward({ from: owner, to: boris, message: said }), OWNER],
    'the owner forwards it to Saved Messages': [send.forward({ from: owner, to: owner, message: said }), OWNER],
    'it was scheduled': [send.text({ ...mine, scheduled: true }), OWNER],
    'it comes with a sticker': [send.text({ ...mine, attached: 'sticker' }), OWNER],
    'it comes with a dice': [send.text({ ...mine, attached: 'dice' }), OWNER],
    'it comes with a poll': [send.text({ ...mine, attached: 'poll' }), OWNER],
    'it comes with a contact': [send.text({ ...mine, attached: 'contact' }), OWNER],
    'it is the caption of a picture': [send.media('photo', { from: owner, to: anna, bytes: PIXEL, durationSec: 0, caption: text }), OWNER],
    'it is the caption of a file': [send.file({ from: owner, to: anna, ...file, caption: text }), OWNER],
    'it is the caption of a stranger’s file': [send.file({ from: anna, to: owner, ...file, caption: text }), ANNA],
    'it is edited into a caption': [send.edit(send.file({ from: owner, to: anna, ...file, caption: 'x' }), { text }), OWNER],
    'another admin edits the owner’s post': [send.edit(post, { text }), nobodyIn(news)],
    'another admin posts as the channel in which the owner posts': [send.text({ from: anna, to: news, text }), nobodyIn(news)],
    'a channel writes it in a group': [send.text({ from: anna, to: club, as: news, text }), nobodyIn(club)],
    'an anonymous admin writes it': [send.text({ from: anna, to: club, as: club, text }), nobodyIn(club)],
    'a group that has the owner’s name writes it in itself': [send.text({ from: boris, to: ownersGroup, as: ownersGroup, text }), nobodyIn(ownersGroup)],
    'the service account writes it': [send.text({ from: SERVICE_USER_ID, to: owner, text })],
    'the account of sign-in codes writes it': [send.text({ from: codes, to: owner, text })],
    'the owner quotes it': [send.text({ from: owner, to: anna, text: 'look at this', replyTo: said, quote: text })],
    'it stands in a quote': [send.text({ from: owner, to: anna, text: `see\n${text}`, entities: [{ type: 'quote', offset: 4, length: text.length }] })],
    'a link hides it': [send.text({ from: owner, to: anna, text: 'look here', entities: [{ type: 'text-url', offset: 0, length: 9, url: `tg://msg?text=${text}` }] })],
    'it stands within a text': [send.text({ from: owner, to: anna, text: `the word ${text}` })],
    'something unseen stands before it': [send.text({ from: owner, to: anna, text: `\u200b${text}` })],
    'something unseen stands within it': [send.text({ from: owner, to: anna, text: text.replace('i', '\u200bi') })],
    'its reading direction is turned': [send.text({ from: owner, to: anna, text: `\u202e${text}` })],
    'another sign stands for the prefix': [send.text({ from: owner, to: anna, text: text.replace('.', '\u2024') })],
    'other letters stand for a stranger’s': [send.text({ from: boris, to: club, text: '.рing' })],
    'it is addressed to somebody else': [send.text({ from: owner, to: club, text: `${text}@anna_k` })],
  };
}

test('what only looks like a command of the owner does nothing, and each attempt is in the audit list', async () => {
  const { daemon } = context;
  const rows = Object.entries(injections('.ping'));
  const expected: Record<string, number> = {};
  for (const [, [, audited]] of rows) if (audited !== undefined) expected[audited] = (expected[audited] ?? 0) + 1;
  await expect.poll(() => refusals(), { timeout: 60_000 }).toEqual(expected);
  expectUntouched(new Map(rows.map(([how, [message]]) => [how, message])));
  const audit = await command(context, '.audit 100');
  expect(audit).toContain(`${OWNER}: .ping refused, it was not freshly typed`);
  expect(audit).toContain(`${BORIS}: .ping refused, `);
  expect(daemon.output.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('a command whose answer is another one, a question of the owner’s, and what somebody was granted lead nobody further', async () => {
  const { sandbox, owner, anna, boris } = context;
  const becomes = (message: SandboxMessage, text: string) => sandbox.waitForMessage((one) => one.key === message.key && one.text.includes(text));
  const stop = sandbox.send.text({ from: owner, to: anna, text: '.stop' });
  await becomes(stop, '.yes');
  const strangers = [sandbox.send.text({ from: anna, to: owner, text: '.yes', replyTo: stop }), sandbox.send.text({ from: anna, to: owner, text: '.yes' })];
  await expect.poll(() => command(context, '.audit')).toContain(`${ANNA}: .yes refused`);
  expect(sandbox.message(stop).text).toContain('.yes');
  sandbox.send.text({ from: owner, to: anna, text: '.no', replyTo: stop });
  await expect.poll(() => sandbox.message(stop).text).not.toContain('.yes');
  expectUntouched(new Map(strangers.map((message) => [String(message.key), message])));

  const grant = sandbox.send.text({ from: owner, to: boris, text: '.grant @boris_k ping for 1h' });
  await becomes(grant, '.yes');
  sandbox.send.text({ from: owner, to: boris, text: '.yes' });
  await becomes(grant, '✅');
  const used = sandbox.send.text({ from: boris, to: owner, text: '.ping' });
  expect((await sandbox.waitForMessage(({ replyToKey }) => replyToKey === used.key)).text).toMatch(/^🏓/);
  expect(await command(context, '.audit 1')).toContain(`${BORIS} used .ping`);
  // Somebody takes the name that Boris had: a right is for who was meant, not for a name, and the list tells them apart.
  const { world } = sandbox;
  world.user(boris.id).username = 'boris_2';
  const thief = sandbox.addUser({ firstName: 'Boris', username: 'boris_k' });
  const stolen = sandbox.send.text({ from: thief, to: owner, text: '.ping' });
  await expect.poll(() => command(context, '.audit 1')).toContain(`⛔ ${BORIS} ${thief.id}: .ping refused`);
  for (const text of ['.alias ping = stop', '.alias p = ping', '.note x .stop', '.setprefix !', '.config reports chat me', '.e 1', '.terminal id', '.grant @boris_2 status', '.group trusted add @boris_2', '.restore', '.loadmod']) {
    sandbox.send.text({ from: boris, to: owner, text });
    await expect.poll(async () => (await command(context, '.audit')).split('\n')[1], { message: text }).toContain(`⛔ ${BORIS} ${boris.id}: ${text.split(' ')[0] ?? ''} refused, it is for you alone`);
  }
  expectUntouched(new Map([['a stolen name', stolen]]));
});

test('what the daemon writes is never a command, whatever it says and however often Telegram tells of it', async () => {
  const { sandbox, owner, anna, daemon } = context;
  expect(await command(context, '.setprefix /')).toContain('/help');
  sandbox.faults.echo(owner);
  const written = new Map<string, SandboxMessage>();
  const voice = await onlyAnswerTo(context, annaSays(context, '04-en.ogg'));
  expect(voice.text).toBe('/ping now.');
  written.set('the words of a voice', voice);
  expect(await command(context, '/note trap /ping')).toContain('#trap');
  const shows = async (how: string, text: string, said: string | RegExp): Promise<void> => {
    const typed = sandbox.send.text({ from: owner, to: anna, text });
    written.set(how, await sandbox.waitForMessage((one) => one.key === typed.key && one.text !== text && (typeof said === 'string' ? one.text === said : said.test(one.text))));
  };
  await shows('a reminder that is set', '/remind 1s /ping', /\/ping/);
  await shows('a note', '/note trap', '/ping');
  await shows('a note by its name', '#trap', '/ping');
  await shows('what is escaped', '//ping', '/ping');
  await shows('a help', '/help ping', /^\/ping/);
  await shows('code and its result', '/e /ping/.source', /^\/ping/);
  await shows('a program’s output', '/terminal echo /ping', /\n\/ping/);
  written.set('a reminder', await sandbox.waitForMessage(({ text }) => text === '⏰ /ping', { timeoutMs: 60_000 }));
  for (const message of written.values()) {
    sandbox.send.deliverAgain(message, message.editedMs === undefined ? 'new' : 'edit');
    sandbox.send.touch(message);
  }
  expect(await command(context, '/ping')).toMatch(/^🏓/);
  expectUntouched(written);
  sandbox.faults.echo(owner, false);
  expect(await command(context, '/setprefix .')).toContain('.help');
  expect(daemon.output.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});
