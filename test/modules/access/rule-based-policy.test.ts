import { beforeEach, expect, test } from 'vitest';
import type { AccessRequest } from '../../../src/modules/access/access-policy.js';
import type { AccessRule } from '../../../src/modules/access/access-rule.js';
import { RuleBasedPolicy } from '../../../src/modules/access/rule-based-policy.js';
import type { ModuleMessage } from '../../../src/modules/contract/module-message.js';
import { StoredAccessRules } from '../../../src/store/access-rules.js';
import { AuditList } from '../../../src/store/audit-list.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
const START_MS = 1_800_000_000_000;
let nowMs = START_MS;
let ignored = false;
let repliedTo: string | undefined;

beforeEach(async () => {
  await context.redis.flushall();
  [nowMs, ignored, repliedTo] = [START_MS, false, undefined];
});

function parts(account = 'main'): { rules: StoredAccessRules; audit: AuditList; policy: RuleBasedPolicy } {
  const rules = new StoredAccessRules(context.redis, account);
  const audit = new AuditList(context.redis, account, () => nowMs);
  const policy = new RuleBasedPolicy({ rules, audit, ignores: () => ignored, senderOfReplied: () => Promise.resolve(repliedTo), nowMs: () => nowMs });
  return { rules, audit, policy };
}

function request(of: Partial<ModuleMessage> = {}, command: AccessRequest['command'] = { name: 'transcribe' }): AccessRequest {
  const message: ModuleMessage = {
    accountId: 'main',
    chat: { kind: 'group', id: '5' },
    chatKind: 'group',
    messageId: 1,
    sender: { kind: 'user', id: '7' },
    outgoing: false,
    edited: false,
    dateMs: START_MS,
    text: '.transcribe',
    forwarded: false,
    viaBot: false,
    hasMedia: false,
    ...of,
  };
  return { message, module: 'voice', command };
}

const ann: AccessRule = {
  subject: { kind: 'person', id: '7' },
  subjectName: 'Ann',
  module: 'voice',
  commands: ['transcribe'],
  wholeModule: false,
  onlyOwn: false,
  sinceMs: START_MS,
  untilMs: START_MS + 3_600_000,
};

test('a rule counts until its time is over, then vanishes from the list', async () => {
  const { rules, policy } = parts();
  await rules.put(ann);
  expect(await policy.decide(request())).toEqual({ allow: true, as: 'rule' });
  nowMs += 3_600_000;
  expect(await policy.decide(request())).toMatchObject({ allow: false });
  expect(await context.redis.hlen('gramscribe:main:access:rules')).toBe(0);
});

test('a rule counts in the account that it was made in', async () => {
  await parts('main').rules.put(ann);
  expect((await parts('other').policy.decide(request())).allow).toBe(false);
});

test('a rule for the same about the same takes the place of the one before', async () => {
  const { rules } = parts();
  await rules.put(ann);
  await rules.put({ ...ann, untilMs: START_MS + 7_200_000 });
  expect(await rules.rules(nowMs)).toEqual([{ ...ann, untilMs: START_MS + 7_200_000 }]);
  expect(await rules.remove([ann])).toBe(1);
  expect(await rules.rules(nowMs)).toEqual([]);
});

test('a rule that cannot be read permits nothing, and hinders nothing', async () => {
  const { rules, policy } = parts();
  await context.redis.hset('gramscribe:main:access:rules', 'person:7 voice transcribe', '{"subject":');
  expect((await policy.decide(request())).allow).toBe(false);
  await rules.put(ann);
  expect((await policy.decide(request())).allow).toBe(true);
});

test('ready-made rules are put in once: what was revoked does not come back', async () => {
  const { rules } = parts();
  const { untilMs: _untilMs, ...forGood } = ann;
  await rules.seed([forGood]);
  expect(await rules.rules(nowMs)).toEqual([forGood]);
  await rules.remove([forGood]);
  await rules.seed([forGood]);
  expect(await rules.rules(nowMs)).toEqual([]);
});

test('whose message is answered is looked up only where a rule depends on it', async () => {
  const { rules, policy } = parts();
  await rules.put({ ...ann, onlyOwn: true });
  expect((await policy.decide(request())).allow).toBe(false);
  repliedTo = '8';
  expect((await policy.decide(request())).allow).toBe(false);
  repliedTo = '7';
  expect((await policy.decide(request())).allow).toBe(true);
});

test('the owner is let through without Redis', async () => {
  const { policy } = parts();
  await context.redis.set('gramscribe:main:access:rules', 'no hash');
  expect(await policy.decide(request({ outgoing: true }))).toEqual({ allow: true, as: 'owner' });
  await expect(policy.decide(request())).rejects.toThrow();
});

test('uses by others and refusals are in the audit list, the owner\'s own uses are not', async () => {
  const { rules, audit, policy } = parts();
  await rules.put(ann);
  for (const asked of [request(), request({ outgoing: true }), request({}, { name: 'grant', access: 'owner' })]) {
    nowMs += 1;
    await policy.audit(asked, await policy.decide(asked));
  }
  expect(await audit.newest(10)).toEqual([
    { kind: 'refused', person: '7', chat: 'g5', command: 'grant', because: 'owner-only', count: 1, firstMs: START_MS + 3, lastMs: START_MS + 3 },
    { kind: 'used', person: '7', chat: 'g5', command: 'transcribe', count: 1, firstMs: START_MS + 1, lastMs: START_MS + 1 },
  ]);
});

test('a command of the owner that had to be typed is audited as refused', async () => {
  const { audit, policy } = parts();
  const edit = request({ outgoing: true, edited: true }, { name: 'terminal', access: 'typed' });
  await policy.audit(edit, await policy.decide(edit));
  expect(await audit.newest(1)).toMatchObject([{ kind: 'refused', command: 'terminal', because: 'must-be-typed' }]);
});

test('nobody washes a grant out of the list: a person\'s refusals of a day are one entry, and those of many push out each other only', async () => {
  const { audit, policy } = parts();
  await audit.note({ kind: 'granted', whom: 'Ann', what: '.transcribe' });
  const refuse = async (id: string): Promise<void> => {
    const asked = request({ sender: { kind: 'user', id } });
    await policy.audit(asked, { allow: false, because: 'not-permitted', silent: true });
  };
  for (let time = 0; time < 50; time += 1) await refuse('66');
  expect((await audit.newest(10)).find((entry) => entry.kind === 'refused')).toMatchObject({ person: '66', count: 50 });
  nowMs += 1;
  await Promise.all(Array.from({ length: 250 }, (_, person) => refuse(String(1000 + person))));
  const all = await audit.newest(1000);
  expect(all.filter(({ kind }) => kind === 'refused')).toHaveLength(200);
  expect(all.at(-1)).toMatchObject({ kind: 'granted', whom: 'Ann' });
});

test('what was dared is written down also where it is cut off in the middle of a character', async () => {
  const { audit } = parts();
  await audit.note({ kind: 'danger', command: 'sh', what: `${'x'.repeat(499)}😀` });
  expect(await audit.newest(1)).toMatchObject([{ kind: 'danger', what: 'x'.repeat(499) }]);
});
