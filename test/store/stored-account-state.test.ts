import { beforeEach, expect, test } from 'vitest';
import { BackupError } from '../../src/backup/backup-error.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { StoredAccountState } from '../../src/store/stored-account-state.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const chat = { withRules: false };
let state: StoredAccountState;

beforeEach(async () => {
  await context.redis.flushall();
  state = new StoredAccountState(context.redis, 'main');
});

const ann = JSON.stringify({ id: '5', name: 'Ann', sinceMs: 1 });
const bob = JSON.stringify({ id: '6', name: 'Bob', sinceMs: 1 });

async function fill(): Promise<void> {
  const { redis } = context;
  await redis.hset(redisKeys.trackedUsers('main'), { 5: ann, 6: bob });
  await redis.hset(redisKeys.aliases('main'), { t: 'transcribe' });
  await redis.hset(redisKeys.moduleStore('main', 'notes'), { a: '"first"' });
  await redis.set(redisKeys.moduleStoreVersion('main', 'notes'), '2');
  await redis.hset(redisKeys.moduleSettings('main', 'backup'), { every: '"week"', passphrase: 'sealed:abc' });
  await redis.hset(redisKeys.accessRules('main'), { 'person:5 voice why': '{}' });
  await redis.hset(redisKeys.trackedUsers('other'), { 9: ann });
}

test('what was read is put back as it was, and nothing else is touched', async () => {
  await fill();
  const before = await state.read();
  await context.redis.hset(redisKeys.trackedUsers('main'), { 7: ann, 5: bob });
  await context.redis.hdel(redisKeys.trackedUsers('main'), '6');
  await context.redis.del(redisKeys.aliases('main'), redisKeys.moduleStore('main', 'notes'));
  await context.redis.set(redisKeys.lease('main'), 'mine');
  await state.apply(before, { withRules: true });
  expect(await state.read()).toEqual(before);
  expect(await context.redis.get(redisKeys.lease('main'))).toBe('mine');
  expect(await context.redis.hlen(redisKeys.trackedUsers('other'))).toBe(1);
});

test('what would change is told by name', async () => {
  await fill();
  const before = await state.read();
  await context.redis.hset(redisKeys.trackedUsers('main'), { 7: JSON.stringify({ id: '7', name: 'Carl' }), 5: JSON.stringify({ id: '5', name: 'Anna' }) });
  await context.redis.hdel(redisKeys.trackedUsers('main'), '6');
  expect(await state.compare(before, chat)).toEqual([{ section: 'tracked', added: ['Bob'], changed: ['Ann'], removed: ['Carl'] }]);
  await state.apply(before, chat);
  expect(await state.compare(before, chat)).toEqual([]);
});

test('rules of access are restored only where that is asked for', async () => {
  await fill();
  const before = await state.read();
  await context.redis.del(redisKeys.accessRules('main'));
  await state.apply(before, chat);
  expect(await context.redis.hlen(redisKeys.accessRules('main'))).toBe(0);
  await state.apply(before, { withRules: true });
  expect(await context.redis.hlen(redisKeys.accessRules('main'))).toBe(1);
});

test('a secret is not in it, and the one that is here stays', async () => {
  await fill();
  const before = await state.read();
  expect(JSON.stringify(before)).not.toContain('sealed:');
  await context.redis.hset(redisKeys.moduleSettings('main', 'backup'), { passphrase: 'sealed:new', every: '"day"' });
  await state.apply(before, chat);
  expect(await context.redis.hgetall(redisKeys.moduleSettings('main', 'backup'))).toEqual({ every: '"week"', passphrase: 'sealed:new' });
});

test('a module that the backup does not know keeps what it has', async () => {
  await fill();
  const before = await state.read();
  await context.redis.hset(redisKeys.moduleStore('main', 'later'), { a: '1' });
  await state.apply(before, chat);
  expect(await context.redis.hlen(redisKeys.moduleStore('main', 'later'))).toBe(1);
});

test.each([
  ['a section that is none of ours', { strange: { type: 'hash', fields: { a: 'b' } } }],
  ['a section of another type', { tracked: { type: 'string', value: 'x' } }],
  ['a name that would reach another key', { 'module-store/../lease': { type: 'hash', fields: { a: 'b' } } }],
  ['a name with a colon', { 'module-store/x:y': { type: 'hash', fields: { a: 'b' } } }],
] as const)('%s: nothing is restored', async (_name, strange) => {
  await fill();
  const before = await state.read();
  const sections = { aliases: { type: 'hash', fields: {} }, ...strange } as const;
  await expect(state.compare(sections, chat)).rejects.toThrow(BackupError);
  await expect(state.apply(sections, chat)).rejects.toThrow(BackupError);
  expect(await state.read()).toEqual(before);
});
