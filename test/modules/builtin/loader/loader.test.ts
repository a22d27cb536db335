import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createForeignModules } from '../../../../src/app-foreign.js';
import { securityModule } from '../../../../src/modules/builtin/security/security-module.js';
import type { ModuleDirectory } from '../../../../src/modules/host/module-directory.js';
import { archiveOf } from '../../../../src/modules/foreign/make-package.js';
import { StoredAccessRules } from '../../../../src/store/access-rules.js';
import { AuditList } from '../../../../src/store/audit-list.js';
import { ownCommand } from '../../../support/messages.js';
import { moduleGround } from '../../../support/module-ground.js';
import { silentLog } from '../../../support/silent-log.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { testRedis } from '../../../support/test-redis.js';
import { moduleSource, packed } from '../../foreign/support/foreign-ground.js';

const redis = testRedis();
const dice = await readFile(new URL('../../../fixtures/modules/dice/module.js', import.meta.url), 'utf8');
const FILE_ID = 500;

/** An account with the loader, in the real host; `send` puts a file into its Saved Messages. */
async function loaderGround(language: 'en' | 'ru' = 'en') {
  const accountId = `t${randomUUID()}`;
  const folder = await temporaryFolder();
  const late: { directory?: ModuleDirectory } = {};
  const audit = new AuditList(redis.redis, accountId, () => Date.now());
  const { loader, foreign } = createForeignModules({
    accountId,
    config: { dataDir: folder, modulesDir: undefined },
    redis: redis.redis,
    audit,
    directory: () => late.directory!,
    language: () => language,
    tell: () => undefined,
    nowMs: () => Date.now(),
    log: silentLog(),
  });
  const rules = new StoredAccessRules(redis.redis, accountId);
  const security = securityModule({ rules, audit, directory: () => late.directory!, foreign });
  const ground = await moduleGround([loader, security], { redis: redis.redis, language, accountId });
  late.directory = ground.host;
  onTestFinished(() => ground.host.stop());
  const send = async (files: Map<string, Uint8Array>): Promise<void> => {
    const bytes = await archiveOf(files);
    const file = { name: 'module.tar.gz', mimeType: 'application/gzip', bytes };
    ground.gateway.files.set(FILE_ID, file);
    ground.gateway.incoming.set(FILE_ID, ownCommand('', { messageId: FILE_ID, hasMedia: true, file: { name: file.name, mimeType: file.mimeType, sizeBytes: bytes.byteLength } }));
  };
  const load = async (files: Map<string, Uint8Array>, confirm = true): Promise<string | undefined> => {
    await send(files);
    return ground.type('.loadmod', { replyToMessageId: FILE_ID, confirm });
  };
  return { ground, load, audit };
}

describe('the loader', () => {
  it('shows what a module asks for, lets it in when its owner says so, and then it works like any other', async () => {
    const { ground, load, audit } = await loaderGround();
    expect(await load(await packed(dice), false)).toBe('👌 It was not let in.');
    expect(await ground.type('.roll')).not.toContain('🎲');
    expect(await audit.newest(9)).toEqual([]);
    expect(await load(await packed(dice))).toBe('✅ Dice is let in and runs.');
    expect(await audit.newest(1)).toMatchObject([{ kind: 'granted', whom: 'dice', what: 'store' }]);
    expect(await ground.type('.кубик 2')).toMatch(/^🎲 \d \d \(sum \d+, rolled so far: 2\)$/);
    expect(await ground.type('.roll 99')).toContain('More than twenty');
    expect(await ground.type('.roll many')).toContain('how many');
    const info = await ground.type('.mod-info dice');
    expect(info).toContain('keep data of its own');
    expect(info).toMatch(/\n✅ Runs since .+, \d+ MB\nLet in: .+\nErrors: 0, crashes: 0\nUsed since the daemon’s start: .*store \d/);
    expect(info).toMatch(/\nPinned, SHA-256 of the manifest:\n([0-9a-f]{8} ){7}[0-9a-f]{8}\nContract 1, begins with module\.js\. Files:\n• module\.js ([0-9a-f]{4} ){4}…$/);
    expect(info).not.toContain('Asks for and may not');
    expect(await ground.type('.mod-info')).toBe('🧩 Let in: dice');
    expect(await ground.type('.mod-info dise')).toContain('Did you mean dice?');
    expect(await ground.type('.revoke dice')).toBe('⚠️ What? dice has: store. This way: .revoke dice store');
    expect(await ground.type('.revoke dice network')).toContain('It has: store');
    expect(await ground.type('.revoke module dise store')).toContain('Did you mean dice?');
    expect(await ground.type('.revoke dice STORE')).toBe('✅ dice may no longer: keep data of its own');
    expect(await audit.newest(1)).toMatchObject([{ kind: 'revoked', whom: 'dice', what: 'store' }]);
    expect(await ground.type('.revoke dice store')).toBe('⚠️ dice was granted nothing.');
    await ground.type('.roll');
    await expect.poll(() => ground.told.join()).toContain('not granted: to keep data of its own');
    expect(await ground.type('.mod-info dice')).toMatch(/⚠️ Does not run: it tried what it was not granted[^]*May:\n• nothing but to answer its commands\nAsks for and may not:\n• keep data of its own\n/);
    expect(ground.host.find('dice')).toMatchObject({ state: 'stopped', origin: 'foreign' });
    expect(await ground.type('.unloadmod dice', { confirm: false })).toBe('👌 It stays.');
    expect(await ground.type('.unloadmod dice', { confirm: true })).toBe('✅ dice is gone.');
    expect(await audit.newest(1)).toMatchObject([{ kind: 'revoked', whom: 'dice', what: 'nothing but to answer its commands' }]);
    expect(ground.host.find('dice')).toBeUndefined();
    expect((await redis.redis.keys('*')).filter((key) => key.includes(':module:dice:'))).toEqual([]);
  });

  it('does not take a module for a group of people of the same name, nor the other way round', async () => {
    const { ground, load } = await loaderGround();
    ground.gateway.people.push({ peer: { kind: 'user', id: '5', accessHash: '55' }, name: 'Anna', username: 'anna' });
    expect(await ground.type('.group dice add @anna', { confirm: true })).toContain('is in dice');
    await load(await packed(dice));
    expect(await ground.type('.grant dice roll', { confirm: true })).toContain('✅ dice may use .roll');
    expect(await ground.type('.revoke dice roll')).toBe('⚠️ dice is a group and a module: .revoke group dice, or .revoke module dice');
    expect(await ground.type('.revoke module dice roll')).toContain('It has: store');
    expect(await ground.type('.revoke group dice кубик')).toBe('✅ Taken back from dice: .roll');
    expect(await ground.type('.revoke group dice roll')).toContain('Nothing was given to dice');
    expect(await ground.type('.revoke module dice store')).toContain('may no longer: keep data');
  });

  it('lets a module write so much and no more, tells it so, and switches it off where it goes on', async () => {
    const { ground, load } = await loaderGround();
    const run = "const said = []; for (let i = 0; i < 36; i += 1) said.push(await ctx.send.send('saved', 'flood ' + i, undefined, signal).then(() => 'sent', (error) => error.forPerson)); return said.filter((one, at) => said.indexOf(one) === at).join();";
    await load(await packed(moduleSource({ uses: ['send'], run })));
    expect(await ground.type('.try')).toBe('sent,This module asks for that too often; again in 2 s.');
    await ground.type('.try');
    await expect.poll(() => ground.told.join()).toContain('it sends too much');
    expect(ground.gateway.texts().filter((text) => text.startsWith('flood'))).toHaveLength(30);
    expect(await ground.type('.mod-info sly')).toContain('⚠️ Does not run: it sends too much');
  });

  it('does not leave in the audit list that a module was let in which did not start', async () => {
    const { ground, load, audit } = await loaderGround();
    const broken = moduleSource({ uses: ['store'], more: "start: () => { throw new Error('no'); }," });
    expect(await load(await packed(broken))).toContain('It did not start');
    expect(ground.host.find('sly')).toBeUndefined();
    expect(await audit.newest(9)).toMatchObject([{ kind: 'revoked', whom: 'sly', what: 'store' }, { kind: 'granted', whom: 'sly', what: 'store' }]);
    await load(await packed(moduleSource({ uses: ['store'] })));
    const update = broken.replace("'1.0.0'", "'1.1.0'").replace('["store"]', '["store","send"]');
    expect(await load(await packed(update))).toContain('It did not start');
    const newest = (await audit.newest(3)).map((entry) => ('what' in entry ? `${entry.kind} ${entry.what}` : entry.kind));
    expect(newest.sort()).toEqual(['granted store', 'granted store, send', 'revoked store, send']);
  });

  it('says in Russian what is asked, what an update adds, and what is wrong', async () => {
    const { ground, load } = await loaderGround('ru');
    expect(await ground.type('.loadmod')).toContain('Ответьте на .tar.gz');
    expect(await ground.type('.loadmod /etc')).toContain('GRAMSCRIBE_MODULES_DIR');
    expect(await load(await packed(moduleSource({ run: "return call.language + ctx.self.name.length;" })))).toBe('✅ Хитрый: подключён и работает.');
    expect(await ground.type('.try')).toMatch(/^ru\d+$/);
    const more = moduleSource({ uses: ['send', 'network'] }).replace("'1.0.0'", "'1.1.0'");
    expect(await load(await packed(more, undefined, ['api.example.com']))).toBe('✅ Хитрый: подключён и работает.');
    const question = ground.gateway.calls.find((call) => call.includes('1.0.0 → 1.1.0'));
    expect(question).toContain('Новое, он сможет:\n• писать от вашего имени в «Избранном» и в чатах, которые ему показали; править и удалять написанное им\n• обращаться в интернете к: api.example.com\n');
    expect(await load(await packed(moduleSource({ before: "import 'left-pad';", name: 'other', command: 'other' })))).toContain('ничего из npm и Node: module.js: left-pad');
    expect(await load(await packed(moduleSource({ name: 'loader', command: 'other' })))).toContain('имя встроенного модуля');
    expect(await load(await packed(moduleSource({ name: 'other', command: 'loadmod' })))).toContain('loadmod');
  });
});
