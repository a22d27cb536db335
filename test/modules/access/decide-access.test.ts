import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessDecision } from '../../../src/modules/access/access-policy.js';
import type { AccessRule } from '../../../src/modules/access/access-rule.js';
import { decideAccess, type AccessFacts } from '../../../src/modules/access/decide-access.js';
import type { ModuleMessage } from '../../../src/modules/contract/module-message.js';

const NOW_MS = 1_800_000_000_000;

function message(overrides: Partial<ModuleMessage> = {}): ModuleMessage {
  return {
    accountId: 'main',
    chat: { kind: 'group', id: '5' },
    chatKind: 'group',
    messageId: 1,
    sender: { kind: 'user', id: '7' },
    outgoing: false,
    edited: false,
    dateMs: NOW_MS,
    text: '.transcribe',
    forwarded: false,
    viaBot: false,
    hasMedia: false,
    ...overrides,
  };
}

function rule(overrides: Partial<AccessRule> = {}): AccessRule {
  return {
    subject: { kind: 'person', id: '7' },
    subjectName: 'Ann',
    module: 'voice',
    commands: ['transcribe'],
    wholeModule: false,
    onlyOwn: false,
    sinceMs: 0,
    ...overrides,
  };
}

interface Case {
  of?: Partial<ModuleMessage>;
  access?: 'grantable' | 'owner' | 'typed';
  rules?: AccessRule[];
  facts?: Partial<AccessFacts>;
}

function decide({ of = {}, access = 'grantable', rules = [rule()], facts = {} }: Case): AccessDecision {
  const request = { message: message(of), module: 'voice', command: { name: 'transcribe', access } };
  return decideAccess({ request, ignored: false, rules, members: [], answersOwn: false, nowMs: NOW_MS, ...facts });
}

const mine = { outgoing: true, sender: { kind: 'user', id: '1' } } as const;

describe('the owner', () => {
  test('may use everything without a rule', () => {
    for (const access of ['grantable', 'owner', 'typed'] as const) expect(decide({ of: mine, access, rules: [] })).toEqual({ allow: true, as: 'owner' });
  });

  test('is who the session says wrote it, with or without a sender', () => {
    const { sender: _sender, ...anonymous } = message({ ...mine });
    const request = { message: anonymous, module: 'voice', command: { name: 'transcribe' } };
    expect(decideAccess({ request, ignored: false, rules: [], members: [], answersOwn: false, nowMs: NOW_MS })).toEqual({ allow: true, as: 'owner' });
  });

  test('may edit a message into a command, but not into one that has to be typed', () => {
    expect(decide({ of: { ...mine, edited: true }, access: 'owner', rules: [] }).allow).toBe(true);
    expect(decide({ of: { ...mine, edited: true }, access: 'typed', rules: [] })).toEqual({ allow: false, because: 'must-be-typed', silent: false });
  });

  test('is nobody whose message only says so', () => {
    expect(decide({ of: { sender: { kind: 'user', id: '1' } }, rules: [] }).allow).toBe(false);
  });

  test.each([{ forwarded: true }, { viaBot: true }, { hasMedia: true }, { unattended: true as const }, { edited: true, chatKind: 'channel' as const }])('is not asked by %o', (flags) => {
    for (const access of ['grantable', 'owner', 'typed'] as const) {
      expect(decide({ of: { ...mine, ...flags }, access })).toEqual({ allow: false, because: 'must-be-typed', silent: true });
    }
  });
});

describe('somebody else', () => {
  test('may use what a rule names, for them, for their group or for the chat', () => {
    expect(decide({})).toEqual({ allow: true, as: 'rule' });
    expect(decide({ rules: [rule({ subject: { kind: 'chat', chat: 'g5' } })] })).toEqual({ allow: true, as: 'rule' });
    const family = rule({ subject: { kind: 'group', name: 'family' } });
    expect(decide({ rules: [family] }).allow).toBe(false);
    const members = [{ group: 'family', id: '7', name: 'Ann' }];
    expect(decide({ rules: [family], facts: { members } })).toEqual({ allow: true, as: 'group' });
  });

  test.each([
    ['another person', rule({ subject: { kind: 'person', id: '8' } })],
    ['another chat', rule({ subject: { kind: 'chat', chat: 'u5' } })],
    ['another command', rule({ commands: ['why'] })],
    ['another module', rule({ module: 'status' })],
    ['a module before this command was in it', rule({ wholeModule: true, commands: ['why'] })],
    ['a time that is over', rule({ untilMs: NOW_MS })],
  ])('may not by a rule for %s', (_name, other) => {
    expect(decide({ rules: [other] })).toMatchObject({ allow: false, because: 'not-permitted' });
  });

  test('may until the very moment when the rule runs out', () => {
    expect(decide({ rules: [rule({ untilMs: NOW_MS + 1 })] }).allow).toBe(true);
  });

  test('may only answer themselves where the rule says so', () => {
    const rules = [rule({ onlyOwn: true })];
    expect(decide({ rules }).allow).toBe(false);
    expect(decide({ rules, facts: { answersOwn: true } }).allow).toBe(true);
  });

  test('may nothing while ignored, whatever the rules say', () => {
    expect(decide({ facts: { ignored: true } })).toEqual({ allow: false, because: 'ignored', silent: true });
  });

  test('is answered only where a rule is about them', () => {
    expect(decide({ rules: [] })).toEqual({ allow: false, because: 'not-permitted', silent: true });
    expect(decide({ rules: [rule({ subject: { kind: 'chat', chat: 'g5' } })], access: 'owner' })).toEqual({ allow: false, because: 'owner-only', silent: true });
    expect(decide({ access: 'owner' })).toEqual({ allow: false, because: 'owner-only', silent: false });
  });
});

describe('nobody', () => {
  const everybody = [rule({ subject: { kind: 'chat', chat: 'g5' } }), rule({ subject: { kind: 'chat', chat: 'u777000' } })];

  test('in particular is permitted nothing: anonymous admins, channels', () => {
    const { sender: _sender, ...anonymous } = message();
    const request = { message: anonymous, module: 'voice', command: { name: 'transcribe' } };
    expect(decideAccess({ request, ignored: false, rules: everybody, members: [], answersOwn: true, nowMs: NOW_MS }).allow).toBe(false);
    expect(decide({ of: { sender: { kind: 'channel', id: '9' } }, rules: everybody }).allow).toBe(false);
  });

  test.each(['777000', '489000', '1087968824', '136817688'])('takes a command from %s, not even where the session says that it is the owner', (id) => {
    const sender = { kind: 'user', id } as const;
    for (const outgoing of [true, false]) {
      expect(decide({ of: { sender, outgoing }, rules: [...everybody, rule({ subject: { kind: 'person', id } })] }).allow).toBe(false);
      expect(decide({ of: { chat: { kind: 'user', id }, chatKind: 'private', outgoing }, rules: everybody }).allow).toBe(false);
    }
  });
});

test('whoever has a command running may steer it without a rule, unless they are ignored or nobody in particular, or it is for the owner', () => {
  const steer = (of: Partial<ModuleMessage>, access: 'grantable' | 'owner' = 'grantable', ignored = false): boolean => {
    const request = { message: message(of), module: 'commands', command: { name: 'cancel', access }, steersOwn: true };
    return decideAccess({ request, ignored, rules: [], members: [], answersOwn: false, nowMs: NOW_MS }).allow;
  };
  expect(steer({})).toBe(true);
  expect(steer({}, 'owner')).toBe(false);
  expect(steer({}, 'grantable', true)).toBe(false);
  expect(steer({ forwarded: true })).toBe(false);
  expect(steer({ sender: { kind: 'channel', id: '7' } })).toBe(false);
});

const subjects = fc.oneof(
  fc.record({ kind: fc.constant('person' as const), id: fc.constantFrom('7', '8', '1') }),
  fc.record({ kind: fc.constant('group' as const), name: fc.constantFrom('family', 'trusted') }),
  fc.record({ kind: fc.constant('chat' as const), chat: fc.constantFrom('g5', 'u7') }),
);
const rules = fc.array(
  fc.record({
    subject: subjects,
    subjectName: fc.string(),
    module: fc.constantFrom('voice', 'security', '*'),
    commands: fc.subarray(['transcribe', 'grant', '*', '']),
    wholeModule: fc.boolean(),
    onlyOwn: fc.boolean(),
    sinceMs: fc.constant(0),
  }),
);
const flags = {
  edited: fc.boolean(),
  forwarded: fc.boolean(),
  viaBot: fc.boolean(),
  hasMedia: fc.boolean(),
  chatKind: fc.constantFrom('private' as const, 'group' as const, 'supergroup' as const, 'channel' as const),
  chat: fc.record({ kind: fc.constantFrom('user' as const, 'group' as const, 'channel' as const), id: fc.constantFrom('5', '7', '1') }),
  text: fc.string(),
};
const members = fc.array(fc.record({ group: fc.constantFrom('family', 'trusted'), id: fc.constantFrom('7', '8', '1'), name: fc.string() }));

test('no rules whatever let anybody else use a command that is for the owner', () => {
  const anyFacts = fc.record({ message: fc.record(flags), rules, members, access: fc.constantFrom('owner' as const, 'typed' as const), answersOwn: fc.boolean(), steersOwn: fc.boolean() });
  fc.assert(
    fc.property(anyFacts, (any) => {
      const request = { message: message(any.message), module: 'voice', command: { name: 'transcribe', access: any.access }, steersOwn: any.steersOwn };
      expect(decideAccess({ ...any, request, ignored: false, nowMs: NOW_MS }).allow).toBe(false);
    }),
  );
});

test('a stranger gets nothing by any combination of what a message can claim, and no answer', () => {
  const about = fc.record({ message: fc.record(flags), rules, access: fc.constantFrom('grantable' as const, 'owner' as const, 'typed' as const), sender: fc.constantFrom('99', '0', '-7', '07', '') });
  fc.assert(
    fc.property(about, ({ message: claimed, rules: all, access, sender }) => {
      const request = { message: message({ ...claimed, sender: { kind: 'user', id: sender } }), module: 'voice', command: { name: 'transcribe', access } };
      const forOthers = all.filter(({ subject }) => subject.kind !== 'chat');
      const decision = decideAccess({ request, rules: forOthers, members: [], ignored: false, answersOwn: true, nowMs: NOW_MS });
      expect(decision).toMatchObject({ allow: false, silent: true });
    }),
  );
});
