import { beforeEach, describe, expect, test } from 'vitest';
import { RetryableError } from '../../../src/errors.js';
import { RuleBasedPolicy } from '../../../src/modules/access/rule-based-policy.js';
import { securityModule } from '../../../src/modules/builtin/security/security-module.js';
import type { AnyCommand } from '../../../src/modules/contract/command-definition.js';
import { defineModule, type Module } from '../../../src/modules/contract/define-module.js';
import type { ModuleLanguage } from '../../../src/modules/contract/localized.js';
import { moduleMessageOf } from '../../../src/modules/host/module-message-of.js';
import { StoredAccessRules } from '../../../src/store/access-rules.js';
import { AuditList } from '../../../src/store/audit-list.js';
import type { IncomingMessage } from '../../../src/telegram/incoming-message.js';
import { message } from '../../support/messages.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
const HOUR_MS = 3_600_000;

function plain(name: string, access: AnyCommand['access'] = 'grantable'): AnyCommand {
  const about = { summary: `does ${name}`, examples: [{ type: name, does: 'it' }] };
  return { name, about: { en: about, ru: about }, access, run: () => Promise.resolve('done') };
}

function voice(): Module {
  const about = { title: 'Voice', summary: 'voices' };
  const commands = [plain('transcribe'), plain('why'), plain('track', 'owner'), plain('purge', 'typed')];
  return defineModule({ name: 'voice', version: '1.0.0', about: { en: about, ru: about }, commands: () => commands });
}

function locked(): Module {
  const about = { title: 'Locked', summary: 'nothing for others' };
  return defineModule({ name: 'locked', version: '1.0.0', about: { en: about, ru: about }, commands: () => [plain('unlock', 'owner')] });
}

interface Ground extends ModuleGround {
  rules: StoredAccessRules;
  audit: AuditList;
  /** Whether this message may be a command of the module voice. */
  may(command: string, of?: Partial<IncomingMessage>): Promise<boolean>;
}

async function opened(language: ModuleLanguage = 'en'): Promise<Ground> {
  const accountId = `s${process.pid}x${Math.random().toString(36).slice(2)}`;
  const rules = new StoredAccessRules(context.redis, accountId);
  const nowMs = (): number => ground.clock.nowMs();
  const audit = new AuditList(context.redis, accountId, nowMs);
  const none = { names: () => Promise.resolve([]), info: () => Promise.resolve(undefined), revoke: () => Promise.resolve(false) };
  const security = securityModule({ rules, audit, directory: () => ground.host, foreign: none });
  const ground = await moduleGround([security, voice(), locked()], { redis: context.redis, language, accountId });
  ground.gateway.people.push(
    { peer: { kind: 'user', id: '5', accessHash: '55' }, name: 'Anna', username: 'anna' },
    { peer: { kind: 'user', id: '6', accessHash: '66' }, name: 'Bob' },
    { peer: { kind: 'user', id: '1', accessHash: '1' }, name: 'Owner', username: 'owner' },
  );
  const policy = new RuleBasedPolicy({ rules, audit, ignores: () => false, senderOfReplied: () => Promise.resolve('5'), nowMs });
  const may = async (name: string, of: Partial<IncomingMessage> = {}): Promise<boolean> => {
    const command = voice().commands.find((one) => one.name === name)!;
    return (await policy.decide({ message: moduleMessageOf(message(of)), module: 'voice', command })).allow;
  };
  return Object.assign(ground, { rules, audit, may });
}

/** What was written to Saved Messages. */
function saved(ground: Ground): string[] {
  return [...ground.gateway.messages].filter(([id]) => id < 1000).map(([, { text }]) => text);
}

let ground: Ground;
beforeEach(async () => {
  ground = await opened();
});

describe('.grant', () => {
  test('asks, announces, writes it down, and is over after an hour', async () => {
    expect(await ground.may('transcribe')).toBe(false);
    const answer = await ground.type('.grant @anna transcribe', { confirm: true });
    expect(answer).toMatch(/^✅ Anna \(@anna\) may use \.transcribe until /);
    expect(ground.gateway.calls.find((call) => call.startsWith('edit 🔐'))).toContain('.transcribe · does transcribe');
    expect(saved(ground)).toEqual([expect.stringContaining('Anna (@anna) may now use .transcribe')]);
    expect(await ground.audit.newest(1)).toMatchObject([{ kind: 'granted', whom: 'Anna (@anna)', what: '.transcribe' }]);
    expect(await ground.may('transcribe')).toBe(true);
    expect(await ground.may('why')).toBe(false);
    await ground.clock.advance(HOUR_MS);
    expect(await ground.may('transcribe')).toBe(false);
    expect(await ground.type('.rules')).not.toContain('Anna');
  });

  test('does nothing where the answer is no', async () => {
    expect(await ground.type('.grant @anna transcribe', { confirm: false })).toBe('🔐 Nothing was given.');
    expect(await ground.may('transcribe')).toBe(false);
    expect(saved(ground)).toEqual([]);
  });

  test('gives nothing that cannot be announced', async () => {
    ground.gateway.failures.push({ method: 'send', error: new RetryableError('offline') });
    expect(await ground.type('.grant @anna transcribe', { confirm: true })).toContain('Nothing was given');
    expect(await ground.may('transcribe')).toBe(false);
  });

  test('takes a time, and forever', async () => {
    await ground.type('.grant @anna transcribe for 2h', { confirm: true });
    await ground.clock.advance(2 * HOUR_MS - 1);
    expect(await ground.may('transcribe')).toBe(true);
    await ground.clock.advance(1);
    expect(await ground.may('transcribe')).toBe(false);
    expect(await ground.type('.grant @anna transcribe forever', { confirm: true })).toContain('for good');
    await ground.clock.advance(1000 * HOUR_MS);
    expect(await ground.may('transcribe')).toBe(true);
  });

  test('of a module gives exactly what it names, never what is for the owner', async () => {
    expect(await ground.type('.grant @anna voice', { confirm: true })).toContain('voice (.transcribe .why)');
    expect(await ground.may('why')).toBe(true);
    expect(await ground.may('track')).toBe(false);
    expect(await ground.may('purge')).toBe(false);
  });

  test('is for the person who is replied to, for everybody here, for a group of people', async () => {
    ground.gateway.incoming.set(7, message({ messageId: 7, sender: { kind: 'user', id: '6', accessHash: '66' } }));
    expect(await ground.type('.grant transcribe', { confirm: true, replyToMessageId: 7 })).toContain('Bob may use');
    expect(await ground.may('transcribe', { sender: { kind: 'user', id: '6', accessHash: '66' } })).toBe(true);

    const group = { chat: { kind: 'group', id: '9' }, chatKind: 'group' } as const;
    await ground.type('.grant here why', { confirm: true, ...group });
    expect(await ground.may('why', { ...group, sender: { kind: 'user', id: '77', accessHash: '1' } })).toBe(true);
    expect(await ground.may('why', { sender: { kind: 'user', id: '77', accessHash: '1' } })).toBe(false);

    await ground.type('.grant trusted why', { confirm: true });
    expect((await ground.rules.rules(ground.clock.nowMs())).some(({ subject, untilMs }) => subject.kind === 'group' && untilMs === undefined)).toBe(true);
  });

  test('may be for answers to their own messages only', async () => {
    await ground.type('.grant --own @anna transcribe', { confirm: true });
    expect(await ground.may('transcribe', { replyToMessageId: 3 })).toBe(true);
    await ground.type('.grant --own 6 transcribe', { confirm: true });
    expect(await ground.may('transcribe', { replyToMessageId: 3, sender: { kind: 'user', id: '6', accessHash: '66' } })).toBe(false);
  });

  test.each([
    ['.grant @anna track', '.track is for you alone'],
    ['.grant @anna purge', '.purge is for you alone'],
    ['.grant @anna grant', '.grant is for you alone'],
    ['.grant @anna locked', 'Everything in locked is for you alone'],
    ['.grant @anna security', 'Everything in security is for you alone'],
    ['.grant @anna transcirbe', 'Did you mean .transcribe?'],
    ['.grant @anna', 'What?'],
    ['.grant transcribe', 'For whom?'],
    ['.grant @nobody transcribe', 'Nobody is known as'],
    ['.grant @owner transcribe', 'That is you'],
    ['.grant 777000 transcribe', 'nobody in particular'],
    ['.grant @anna transcribe for ever and ever', '“ever and ever” does not fit'],
    ['.grant @anna transcribe 1000000d', '1000000d'],
  ])('%s is refused', async (typed, why) => {
    expect(await ground.type(typed, { confirm: true })).toContain(why);
    expect(saved(ground)).toEqual([]);
    expect((await ground.rules.rules(ground.clock.nowMs())).filter(({ subject }) => subject.kind !== 'group')).toEqual([]);
  });
});

test('a module that has a command of its own name is given and taken back as a module where that is said', async () => {
  const about = { title: 'Why', summary: 'reasons' };
  const why = defineModule({ name: 'reason', version: '1.0.0', about: { en: about, ru: about }, commands: () => [plain('reason'), plain('doubt')] });
  await ground.host.add(why, new AbortController().signal);
  expect(await ground.type('.grant @anna reason', { confirm: true })).toContain('may use .reason until');
  expect(await ground.type('.grant @anna module reason 2h', { confirm: true })).toContain('may use reason (.reason .doubt) until');
  expect(await ground.type('.grant @anna module doubt', { confirm: true })).toContain('There is no command or module doubt');
  expect(await ground.type('.revoke @anna doubt')).toContain('was not given');
  expect(await ground.type('.revoke @anna module reason')).toBe('✅ Taken back from Anna (@anna): .reason, reason (.reason .doubt)');
});

test('all of the module is for the owner alone', () => {
  const accesses = Object.fromEntries(ground.host.find('security')!.module.commands.map(({ name, access }) => [name, access]));
  expect(accesses).toEqual({ grant: 'typed', revoke: 'owner', rules: 'owner', group: 'typed', audit: 'owner' });
});

test('.revoke takes back one thing, or everything of somebody, or all', async () => {
  await ground.type('.grant @anna transcribe', { confirm: true });
  await ground.type('.grant @anna why', { confirm: true });
  expect(await ground.type('.revoke @anna transcribe')).toBe('✅ Taken back from Anna (@anna): .transcribe');
  expect([await ground.may('transcribe'), await ground.may('why')]).toEqual([false, true]);
  expect(await ground.type('.revoke @anna transcribe')).toContain('was not given');
  expect(await ground.type('.revoke @anna')).toContain('.why');
  expect(await ground.may('why')).toBe(false);
  expect(await ground.type('.revoke @anna')).toContain('Nothing was given');
  expect(await ground.type('.revoke all')).toContain('everybody');
  expect(await ground.type('.rules')).toContain('Nobody but you');
  expect((await ground.audit.newest(1))[0]).toMatchObject({ kind: 'revoked', whom: 'everybody' });
});

test('.revoke finds whom Telegram knows no more, and a chat from elsewhere by the id that .rules shows', async () => {
  await ground.type('.grant @anna transcribe', { confirm: true });
  await ground.type('.grant 6 why', { confirm: true });
  await ground.type('.grant here why', { confirm: true, chat: { kind: 'channel', id: '1234567890', accessHash: '1' }, chatKind: 'supergroup' });
  ground.gateway.people.length = 0;
  expect(await ground.type('.revoke @ANNA')).toContain('Anna (@anna): .transcribe');
  expect(await ground.type('.revoke 6')).toContain('Bob: .why');
  expect(await ground.type('.rules')).toContain('everybody in the chat -1001234567890');
  expect(await ground.type('.revoke -1001234567890 why')).toContain('everybody in the chat -1001234567890: .why');
  expect(await ground.type('.grant -42 why', { confirm: true })).toContain('everybody in the chat -42 may use .why');
  expect(await ground.may('why', { chat: { kind: 'group', id: '42' }, chatKind: 'group', sender: { kind: 'user', id: '77', accessHash: '1' } })).toBe(true);
});

test.each([
  ['.revoke', 'From whom?'],
  ['.revoke famly', 'There is no group famly. Did you mean family?'],
  ['.revoke transcribe', 'From whom?'],
  ['.revoke module dice', 'No module dice of somebody else was let in.'],
  ['.revoke @anna transcribe and more', 'One too many: “and more”.'],
  ['.revoke @anna why', 'That was not given to Anna'],
  ['.revoke 777000', 'nobody in particular'],
])('%s is refused, and nothing is taken from anybody', async (typed, why) => {
  await ground.type('.grant @anna transcribe', { confirm: true });
  expect(await ground.type(typed)).toContain(why);
  expect(await ground.may('transcribe')).toBe(true);
});

test('.group: who joins may use what it was given, and that is asked and announced', async () => {
  expect(await ground.type('.group family add @anna', { confirm: true })).toContain('Anna (@anna) is in family');
  expect(saved(ground)[0]).toContain('.transcribe (only in reply to their own messages)');
  expect(await ground.may('transcribe', { replyToMessageId: 3 })).toBe(true);
  expect(await ground.may('transcribe', { sender: { kind: 'user', id: '6', accessHash: '66' } })).toBe(false);
  expect(await ground.type('.group')).toContain('family: Anna (@anna)');
  expect(await ground.type('.rules')).toContain('👥 family: Anna (@anna)');
  expect(await ground.type('.group family remove @anna')).toContain('no longer in family');
  expect(await ground.may('transcribe')).toBe(false);
  expect(await ground.type('.group family remove @anna')).toContain('not in family');
  expect(await ground.type('.group why add @anna')).toContain('not like a command');
  expect(await ground.type('.group choir')).toContain('There is no group choir');
  expect(await ground.type('.group choir add @anna', { confirm: true })).toContain('may use nothing yet');
});

test('.audit tells what others did, by name, and is short', async () => {
  expect(await ground.type('.audit')).toContain('Nobody else');
  await ground.audit.note({ kind: 'refused', person: '5', chat: 'u5', command: 'track', because: 'owner-only' });
  await ground.audit.note({ kind: 'refused', person: '5', chat: 'u5', command: 'track', because: 'owner-only' });
  await ground.audit.note({ kind: 'used', person: '99', chat: 'g5', command: 'why' });
  const shown = await ground.type('.audit');
  expect(shown).toContain('Anna (@anna): .track refused, it is for you alone ×2');
  expect(shown).toContain('99 used .why');
});

test('in Russian all of it is Russian', async () => {
  const russian = await opened('ru');
  expect(await russian.type('.grant @anna transcribe на 2 часа', { confirm: true })).toMatch(/^✅ Anna \(@anna\): доступно \.transcribe до /);
  for (const typed of ['.rules', '.group', '.audit', '.revoke @anna', '.grant transcribe', '.grant @anna track']) {
    expect(await russian.type(typed)).toMatch(/[а-яё]{3}/i);
  }
});
