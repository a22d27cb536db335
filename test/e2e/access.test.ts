import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { SandboxChat, SandboxMessage, SandboxUser } from '../../src/sandbox/control/views.js';
import { StoredAccessRules } from '../../src/store/access-rules.js';
import { command, ground } from './ground.js';

const context = ground({ GRAMSCRIBE_PACE: 'off' }, { ownerUsername: 'owner_o' });

/** What becomes of a line: it runs; it is refused with an answer, or without one; or it is no command at all. */
type Outcome = 'runs' | 'refused' | 'refused in silence' | 'nothing';

interface Row {
  typed: SandboxMessage;
  outcome: Outcome;
  /** As the audit list names who typed it, where that is not the name. */
  whom?: string;
  because?: string;
}

const OF_OWNER_ALONE = 'it is for you alone';
const NO_RULE = 'no rule permits it';

/** Somebody of a name of their own: whoever calls too often is answered no more, and the audit list has one line a person. */
function newcomer(firstName: string): SandboxUser {
  return context.sandbox.addUser({ firstName, username: `${firstName.toLowerCase()}_x` });
}

/** Types a command that asks, and says yes; resolves with what stands there in the end. */
async function confirmed(text: string, to: SandboxUser | SandboxChat = context.anna): Promise<string> {
  const { sandbox, owner } = context;
  const typed = sandbox.send.text({ from: owner, to, text });
  await sandbox.waitForMessage(({ key, text: now }) => key === typed.key && now.includes('.yes'), { timeoutMs: 60_000 });
  sandbox.send.text({ from: owner, to, text: '.yes' });
  const { text: answer } = await sandbox.waitForMessage(({ key, text: now }) => key === typed.key && /^(✅|⚠️)/.test(now), { timeoutMs: 60_000 });
  expect(answer, text).toContain('✅');
  return answer;
}

/** Rules that are over, and not yet: nobody can wait for an hour. */
async function putRules(rules: readonly { of: SandboxUser; untilMs: number }[]): Promise<void> {
  const redis = new Redis(join(context.daemon.dataDir, 'redis', 'redis.sock'));
  try {
    const stored = new StoredAccessRules(redis, 'main');
    const ping = { module: 'status', commands: ['ping'], wholeModule: false, onlyOwn: false, sinceMs: 0 };
    for (const { of, untilMs } of rules) await stored.put({ ...ping, subject: { kind: 'person', id: of.id }, subjectName: `${of.firstName} (@${of.username ?? ''})`, untilMs });
  } finally {
    redis.disconnect();
  }
}

/** Each rule, both where it counts and where it does not. */
async function permissions(): Promise<Record<string, Row>> {
  const { sandbox, owner, anna } = context;
  const { send } = sandbox;
  const names = ['Ivan', 'Maria', 'Trudy', 'Fred', 'Cora', 'Lena', 'Late', 'Soon', 'Igor', 'Olga', 'Rita', 'Vera', 'Nina', 'Paul', 'Rex', 'Zoe', 'Adam', 'Eve'] as const;
  const people = Object.fromEntries(names.map((name) => [name, newcomer(name)])) as Record<(typeof names)[number], SandboxUser>;
  const members = [owner, anna, ...Object.values(people)];
  const [club, room, hall, cellar] = ['Club', 'Room', 'Hall', 'Cellar'].map((title) => sandbox.addSupergroup({ title, members })) as [SandboxChat, SandboxChat, SandboxChat, SandboxChat];
  const news = sandbox.addChannel({ title: 'News', members });
  for (const who of Object.values(people)) send.text({ from: who, to: club, text: 'hello' });

  await confirmed('.grant @ivan_x ping for 1h');
  await confirmed('.grant @maria_x module status for 1h');
  await confirmed('.group trusted add @trudy_x');
  await confirmed('.group family add @fred_x');
  await confirmed('.grant --own @olga_x ping');
  await confirmed('.grant here ping', room);
  await confirmed('.grant here module status', hall);
  await confirmed('.grant here ping', cellar);
  await confirmed('.grant @igor_x ping');
  await confirmed('.grant @nina_x ping');
  await confirmed('.grant @paul_x ping');
  await confirmed('.grant @rex_x ping');
  await putRules([{ of: people.Late, untilMs: Date.now() - 1 }, { of: people.Soon, untilMs: Date.now() + 3_600_000 }]);
  expect(await command(context, '.ignore @igor_x')).toContain('Igor');
  const ignored = send.text({ from: owner, to: cellar, text: '.ignore here' });
  await sandbox.waitForMessage(({ key, text }) => key === ignored.key && text.includes('-100'));
  const says = (from: SandboxUser, text: string, to: SandboxChat = club, replyTo?: SandboxMessage): SandboxMessage => send.text({ from, to, text, ...(replyTo && { replyTo }) });
  const { Ivan, Maria, Trudy, Fred, Cora, Lena, Late, Soon, Igor, Olga, Rita, Vera, Nina, Paul, Rex, Zoe, Adam, Eve } = people;
  const nobodyIn = ({ id = '' }: SandboxChat): string => `somebody without a name in the chat -100${id}`;
  return {
    'the owner, in a group': { typed: says(owner, '.ping'), outcome: 'runs' },
    'the owner, as an anonymous admin': { typed: send.text({ from: owner, to: club, as: club, text: '.ping' }), outcome: 'runs' },
    'the owner, in a channel': { typed: says(owner, '.ping', news), outcome: 'runs' },
    'the owner, by name': { typed: says(owner, '.ping@owner_o'), outcome: 'runs' },
    'a person who was given the command': { typed: says(Ivan, '.ping'), outcome: 'runs' },
    'a person who was given the command, for one of another module': { typed: says(Ivan, '.why'), outcome: 'refused', because: NO_RULE },
    'a person who was given the module': { typed: says(Maria, '.ping'), outcome: 'runs' },
    'a person who was given the module, for one of it that is the owner’s alone': { typed: says(Maria, '.stop'), outcome: 'refused', because: OF_OWNER_ALONE },
    'a trusted person': { typed: says(Trudy, '.status'), outcome: 'runs' },
    'a trusted person, for a command that is the owner’s alone': { typed: says(Trudy, '.config'), outcome: 'refused', because: OF_OWNER_ALONE },
    'family, in reply to themselves': { typed: says(Fred, '.why', club, says(Fred, 'hello')), outcome: 'runs' },
    'family, in reply to somebody else': { typed: says(Fred, '.transcribe', club, says(Ivan, 'hello')), outcome: 'refused', because: NO_RULE },
    'a rule for one’s own messages, in reply to one of them': { typed: says(Olga, '.ping', club, says(Olga, 'hello')), outcome: 'runs' },
    'anybody in a chat that was given the command': { typed: says(Cora, '.ping', room), outcome: 'runs' },
    'the same person elsewhere': { typed: says(Rita, '.ping'), outcome: 'refused in silence', because: NO_RULE },
    'anybody in a chat that was given the command, for another one': { typed: says(Adam, '.status', room), outcome: 'refused in silence', because: NO_RULE },
    'anybody in a chat that was given the module': { typed: says(Lena, '.ping', hall), outcome: 'runs' },
    'anybody in a chat that was given the module, for one of another module': { typed: says(Eve, '.why', hall), outcome: 'refused in silence', because: NO_RULE },
    'an anonymous admin in a chat that was given the command': { typed: send.text({ from: Ivan, to: room, as: room, text: '.ping' }), outcome: 'refused in silence', because: NO_RULE, whom: nobodyIn(room) },
    'a channel in a chat that was given the module': { typed: send.text({ from: Ivan, to: hall, as: news, text: '.ping' }), outcome: 'refused in silence', because: NO_RULE, whom: nobodyIn(hall) },
    'a post in a channel': { typed: says(Ivan, '.ping', news), outcome: 'refused in silence', because: NO_RULE, whom: nobodyIn(news) },
    'a rule whose time has not come': { typed: says(Soon, '.ping'), outcome: 'runs' },
    'a rule whose time is over': { typed: says(Late, '.ping'), outcome: 'refused in silence', because: NO_RULE },
    'somebody who is ignored, with a rule': { typed: says(Igor, '.ping'), outcome: 'refused in silence', because: 'you ignore them' },
    'somebody in a chat that is ignored, with a rule for it': { typed: says(Vera, '.ping', cellar), outcome: 'refused in silence', because: 'you ignore them' },
    'somebody who says whom they ask': { typed: says(Nina, '.ping@owner_o'), outcome: 'runs' },
    'somebody who asks somebody else': { typed: says(Paul, '.ping@anna_k'), outcome: 'nothing' },
    'somebody who edits it in': { typed: send.edit(says(Rex, 'hello'), { text: '.ping' }), outcome: 'runs' },
    'somebody without any rule': { typed: says(Zoe, '.ping'), outcome: 'refused in silence', because: NO_RULE },
  };
}

/** How the audit list has it. */
function auditLine({ typed, outcome, whom, because = '' }: Row): string | undefined {
  const { sandbox, owner } = context;
  const { id, firstName, username = '' } = sandbox.world.user(typed.fromUserId);
  if (outcome === 'nothing' || (outcome === 'runs' && id === owner.id)) return undefined;
  const name = `.${/^\.(\w+)/.exec(typed.text)?.[1] ?? ''}`;
  const person = whom ?? `${firstName} (@${username})`;
  return outcome === 'runs' ? `${person} used ${name}` : `⛔ ${person}: ${name} refused, ${because}`;
}

test('each rule lets through whom it is for and nobody else; grants, uses and refusals are in the audit list, and grants in Saved Messages', async () => {
  const { sandbox, owner } = context;
  const rows = await permissions();
  const answers = ({ typed }: Row): string[] => [
    ...sandbox.world.messages.flatMap(({ replyTo, fromUserId, text }) => (replyTo?.key === typed.key && fromUserId === owner.id ? [text] : [])),
    ...(sandbox.message(typed).text === typed.text ? [] : [sandbox.message(typed).text]),
  ];
  const outcomeOf = (row: Row): Outcome => {
    const [answer] = answers(row);
    if (answer === undefined) return row.outcome === 'nothing' ? 'nothing' : 'refused in silence';
    return answer.startsWith('🚫') ? 'refused' : 'runs';
  };
  const outcomes = (of: (row: Row) => Outcome): Record<string, Outcome> => Object.fromEntries(Object.entries(rows).map(([how, row]) => [how, of(row)]));
  await expect.poll(() => outcomes(outcomeOf), { timeout: 60_000 }).toEqual(outcomes(({ outcome }) => outcome));
  const expected = Object.values(rows).flatMap((row) => auditLine(row) ?? []);
  const missing = async (): Promise<string[]> => {
    const audit = await command(context, '.audit 100');
    return expected.filter((line) => !audit.includes(line));
  };
  await expect.poll(missing).toEqual([]);
  expect(Object.entries(rows).filter(([, row]) => answers(row).length > 1)).toEqual([]);

  const audit = await command(context, '.audit 100');
  for (const given of ['given to Ivan (@ivan_x): .ping until', 'given to Maria (@maria_x): status (', 'Trudy (@trudy_x) joined trusted', 'Fred (@fred_x) joined family']) expect(audit).toContain(given);
  const saved = sandbox.messagesOf(owner, owner).map(({ text }) => text).filter((text) => text.startsWith('🔐'));
  expect(saved).toHaveLength(12);
  expect(audit.split('\n').filter((line) => /given to|joined/.test(line))).toHaveLength(saved.length);
});

test('what is taken back counts no more, and a module that is switched off answers nobody', async () => {
  const { sandbox, owner } = context;
  const [vlad, kim] = [newcomer('Vlad'), newcomer('Kim')];
  const pub = sandbox.addSupergroup({ title: 'Pub', members: [owner, vlad, kim] });
  for (const from of [vlad, kim]) sandbox.send.text({ from, to: pub, text: 'hello' });
  await confirmed('.grant @vlad_x ping');
  await confirmed('.group trusted add @kim_x');
  const pinged = async (from: SandboxUser): Promise<void> => {
    const typed = sandbox.send.text({ from, to: pub, text: '.ping' });
    expect((await sandbox.waitForMessage(({ replyToKey }) => replyToKey === typed.key)).text).toMatch(/ms$/);
  };
  await pinged(vlad);
  await pinged(kim);
  expect(await command(context, '.disable status')).toContain('status');
  const unheard = [vlad, kim].map((from) => sandbox.send.text({ from, to: pub, text: '.ping' }));
  const mine = sandbox.send.text({ from: owner, to: pub, text: '.status' });
  expect(await command(context, '.enable status')).toContain('status');
  await pinged(vlad);
  expect(await command(context, '.revoke @vlad_x')).toContain('✅');
  expect(await command(context, '.group trusted remove @kim_x')).toContain('✅');
  const late = [vlad, kim].map((from) => sandbox.send.text({ from, to: pub, text: '.ping' }));
  await expect.poll(() => command(context, '.audit')).toMatch(/⛔ Vlad \(@vlad_x\): \.ping refused[^]*⛔ Kim|⛔ Kim \(@kim_x\): \.ping refused[^]*⛔ Vlad/);
  const audit = await command(context, '.audit');
  for (const line of ['taken back from Vlad (@vlad_x): .ping', 'Kim (@kim_x) left trusted', 'Vlad (@vlad_x) used .ping ×2', 'Kim (@kim_x) used .ping']) expect(audit).toContain(line);
  const answered = new Set(sandbox.world.messages.flatMap(({ replyTo }) => replyTo?.key ?? []));
  expect([...unheard, ...late].filter(({ key }) => answered.has(key))).toEqual([]);
  expect(sandbox.message(mine).text).toBe('.status');
});
