import { beforeEach, expect, test } from 'vitest';
import { writeContent } from '../../../src/backup/backup-content.js';
import { sealFile } from '../../../src/backup/sealed-file.js';
import { backupModule } from '../../../src/modules/builtin/backup/backup-module.js';
import type { ModuleLanguage } from '../../../src/modules/contract/localized.js';
import { redisKeys } from '../../../src/store/redis-keys.js';
import { StoredAccountState } from '../../../src/store/stored-account-state.js';
import { settle } from '../../support/fake-clock.js';
import { message } from '../../support/messages.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
const DAY_MS = 86_400_000;
const LOOK_MS = 600_000;
const PASSPHRASE = 'mountain violin seven harbour';
const ACCOUNT = 'main';

beforeEach(() => context.redis.flushall());

async function opened(settings: Record<string, unknown> = {}, language: ModuleLanguage = 'en'): Promise<ModuleGround> {
  const module = backupModule({ state: new StoredAccountState(context.redis, ACCOUNT), version: '0.1.0' });
  return moduleGround(module, { redis: context.redis, accountId: ACCOUNT, language, settings: { passphrase: PASSPHRASE, ...settings } });
}

/** The messages with the backups that stand in Saved Messages. */
function backups(ground: ModuleGround): number[] {
  return [...ground.gateway.files.keys()].filter((id) => ground.gateway.messages.has(id));
}

/** Shows the backup to the owner as the message 50, to be answered. */
function showFile(ground: ModuleGround, bytes: Uint8Array): void {
  const file = { name: 'a.backup', mimeType: 'application/octet-stream', sizeBytes: bytes.length };
  ground.gateway.files.set(50, { ...file, bytes });
  ground.gateway.incoming.set(50, message({ messageId: 50, hasMedia: true, file }));
}

function sent(ground: ModuleGround): number {
  return ground.gateway.calls.filter((call) => call.startsWith('send-file')).length;
}

const tracked = redisKeys.trackedUsers(ACCOUNT);
const ann = JSON.stringify({ id: '5', name: 'Ann', sinceMs: 1 });

test('.backup sends a sealed file, .restore in reply to it shows what would change, asks, and restores', async () => {
  const ground = await opened();
  await context.redis.hset(tracked, { 5: ann });
  await context.redis.hset(redisKeys.accessRules(ACCOUNT), { 'person:5 voice why': '{}' });
  expect(await ground.type('.backup')).toMatch(/^✅ The backup is in Saved Messages \(/);
  const [id] = backups(ground);
  const file = ground.gateway.files.get(id!)!;
  expect(file.name).toMatch(/^gramscribe-main-.*\.backup$/);
  expect(Buffer.from(file.bytes).includes('Ann')).toBe(false);

  await context.redis.del(tracked, redisKeys.accessRules(ACCOUNT));
  showFile(ground, file.bytes);
  expect(await ground.type('.restore', { replyToMessageId: 50, confirm: false })).toBe('♻️ Nothing was changed.');
  expect(await context.redis.hlen(tracked)).toBe(0);
  expect(await ground.type('.restore', { replyToMessageId: 50, confirm: true })).toContain('✅ Restored');
  expect(ground.gateway.calls.find((call) => call.startsWith('edit ♻️ Backup'))).toContain('tracked people: + Ann');
  expect(await context.redis.hget(tracked, '5')).toBe(ann);
  expect(await context.redis.hlen(redisKeys.accessRules(ACCOUNT))).toBe(0);
});

test('a file that is as it is now changes nothing, and is not asked about', async () => {
  const ground = await opened();
  await ground.type('.backup');
  // What the module notes of its own sending is no part of a backup.
  showFile(ground, ground.gateway.files.get(backups(ground)[0]!)!.bytes);
  expect(await ground.type('.restore', { replyToMessageId: 50 })).toContain('Everything is as in the backup already');
});

const sections = { tracked: { type: 'hash', fields: { 5: ann } } } as const;
const sealed = await sealFile(writeContent({ version: '0.1.0', account: ACCOUNT, madeAtMs: 1, sections }), PASSPHRASE);

test.each([
  ['another passphrase', sealed, 'another mountain of words 7', 'not the one that this backup was sealed with'],
  ['a file that is cut off', sealed.subarray(0, sealed.length - 9), PASSPHRASE, 'cut off'],
  ['a file of another program', Buffer.from('%PDF-1.7'), PASSPHRASE, 'no backup of Gramscribe'],
  ['a damaged file', Buffer.concat([sealed.subarray(0, sealed.length - 20), Buffer.alloc(20)]), PASSPHRASE, 'damaged'],
])('%s gets one clear line, and changes nothing', async (_name, bytes, passphrase, line) => {
  const ground = await opened({ passphrase });
  showFile(ground, bytes);
  const answer = await ground.type('.restore', { replyToMessageId: 50, confirm: true });
  expect(answer).toContain(line);
  expect(answer).not.toContain('\n');
  expect(await context.redis.hlen(tracked)).toBe(0);
});

test('without a file or a passphrase it says what to do, in both languages', async () => {
  for (const [language, word] of [['en', 'passphrase'], ['ru', 'фразу']] as const) {
    const ground = await opened({ passphrase: '' }, language);
    expect(await ground.type('.backup')).toContain(word);
    expect(await ground.type('.restore')).toMatch(/^⚠️ /);
    await ground.host.stop();
  }
});

test('on its schedule one is made when it is time, also when that was over before a restart, and the oldest are deleted', async () => {
  const ground = await opened({ every: 'day', keep: 2 });
  for (let made = 1; made <= 3; made += 1) {
    await ground.clock.advance(DAY_MS);
    await expect.poll(() => sent(ground)).toBe(made);
  }
  await expect.poll(() => backups(ground)).toHaveLength(2);
  await ground.clock.advance(LOOK_MS);
  await ground.host.stop();
  expect(sent(ground)).toBe(3);

  const restarted = await opened({ every: 'day', keep: 2 });
  await restarted.clock.advance(ground.clock.nowMs() - restarted.clock.nowMs() + DAY_MS);
  await expect.poll(() => sent(restarted)).toBe(1);
});

test('before its time the schedule makes none', async () => {
  const ground = await opened({ every: 'week' });
  await ground.clock.advance(LOOK_MS);
  await expect.poll(() => sent(ground)).toBe(1);
  await expect.poll(async () => (await context.redis.hget(redisKeys.moduleStore(ACCOUNT, 'backup'), 'sent')) !== null).toBe(true);
  for (let day = 1; day < 7; day += 1) {
    await ground.clock.advance(DAY_MS - LOOK_MS);
    await context.redis.ping();
    await settle();
  }
  await ground.host.stop();
  expect(sent(ground)).toBe(1);
});

test('a weak passphrase, or a schedule without one, is refused as a setting', async () => {
  const ground = await opened();
  const { module } = ground.host.find('backup')!;
  const change = (settings: object): Promise<void> => module.settingsChanged!(settings as never, ground.host.contextOf('backup') as never);
  await expect(change({ passphrase: 'password', every: 'off', keep: 5 })).rejects.toMatchObject({ forPerson: expect.stringContaining('too easy to guess') as string });
  await expect(change({ passphrase: '', every: 'week', keep: 5 })).rejects.toMatchObject({ forPerson: expect.stringContaining('passphrase') as string });
  await expect(change({ passphrase: PASSPHRASE, every: 'week', keep: 5 })).resolves.toBeUndefined();
});
