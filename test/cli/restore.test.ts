import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeContent } from '../../src/backup/backup-content.js';
import { sealFile } from '../../src/backup/sealed-file.js';
import { restore, type RestoreCommandOptions } from '../../src/cli/restore.js';
import { textsFor } from '../../src/i18n/texts.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { StoredAccountState } from '../../src/store/stored-account-state.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const PASSPHRASE = 'mountain violin seven harbour';
const tracked = redisKeys.trackedUsers('main');
const rules = redisKeys.accessRules('main');
const sections = {
  tracked: { type: 'hash', fields: { 5: JSON.stringify({ id: '5', name: 'Ann', sinceMs: 1 }) } },
  rules: { type: 'hash', fields: { 'person:5 voice why': '{}' } },
} as const;
const sealed = await sealFile(writeContent({ version: '0.1.0', account: 'main', madeAtMs: 0, sections }), PASSPHRASE);

beforeEach(() => context.redis.flushall());

async function run(options: RestoreCommandOptions, { bytes = sealed, answers }: { bytes?: Uint8Array; answers?: string[] } = {}): Promise<{ status: number; printed: string[] }> {
  const path = join(await temporaryFolder(), 'a.backup');
  await writeFile(path, bytes);
  const printed: string[] = [];
  const next = (): Promise<string> => Promise.resolve(answers?.shift() ?? '');
  const prompter = answers === undefined ? undefined : { text: next, password: next };
  const deps = { state: new StoredAccountState(context.redis, 'main'), prompter, texts: textsFor('en').restore, print: (line: string) => printed.push(line) };
  return { status: await restore(path, options, deps, new AbortController().signal), printed };
}

test('it shows what would change, asks, and restores all but the rules', async () => {
  const { status, printed } = await run({}, { answers: [PASSPHRASE, 'yes'] });
  expect(status).toBe(0);
  expect(printed).toEqual(['Backup of 1970-01-01 00:00, version 0.1.0', '  tracked people: + Ann', expect.stringContaining('--with-rules'), expect.stringContaining('Restored')]);
  expect([await context.redis.hlen(tracked), await context.redis.hlen(rules)]).toEqual([1, 0]);
});

test('with --with-rules, --yes and a file with the passphrase it asks nothing and restores the rules too', async () => {
  const passphraseFile = join(await temporaryFolder(), 'passphrase');
  await writeFile(passphraseFile, `${PASSPHRASE}\n`);
  const { status, printed } = await run({ withRules: true, yes: true, passphraseFile });
  expect(status).toBe(0);
  expect(printed).toContain('  rules of access: + person:5 voice why');
  expect([await context.redis.hlen(tracked), await context.redis.hlen(rules)]).toEqual([1, 1]);
});

test.each<[string, { bytes?: Uint8Array; answers?: string[] }, string, number]>([
  ['no', { answers: [PASSPHRASE, 'no'] }, 'Nothing was changed.', 0],
  ['another passphrase', { answers: ['another'] }, 'The passphrase is not the one', 1],
  ['another file', { answers: [PASSPHRASE], bytes: Buffer.from('hello') }, 'no backup of Gramscribe', 1],
  ['no terminal', {}, '--passphrase-file', 1],
])('%s: one clear line, and nothing is changed', async (_name, given, line, wanted) => {
  const { status, printed } = await run({}, given);
  expect(status).toBe(wanted);
  expect(printed.at(-1)).toContain(line);
  expect(await context.redis.hlen(tracked)).toBe(0);
});
