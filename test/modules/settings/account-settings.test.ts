import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CommandRefusal, defineModule, type Module } from '../../../src/modules/contract/index.js';
import type { ModuleDirectory } from '../../../src/modules/host/module-directory.js';
import { AccountSettings } from '../../../src/modules/settings/account-settings.js';
import { settingsForm } from '../../../src/modules/settings/settings-form.js';
import { StoredModuleSettings } from '../../../src/store/module-settings.js';
import { redisKeys } from '../../../src/store/redis-keys.js';
import { SessionVault } from '../../../src/telegram/session-vault.js';
import { silentLog } from '../../support/silent-log.js';
import { testRedis } from '../../support/test-redis.js';

const both = (text: string): { en: string; ru: string } => ({ en: text, ru: text });
const signal = new AbortController().signal;
const context = testRedis();
const folders: string[] = [];
let accounts = 0;

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A module that keeps what it was told, and refuses a speed of 13. */
function probe(): { module: Module; told: unknown[]; fail: { how?: Error } } {
  const told: unknown[] = [];
  const fail: { how?: Error } = {};
  const module = defineModule({
    name: 'probe',
    version: '1.0.0',
    about: both('x') as never,
    settings: {
      speed: { kind: 'integer', min: 0, max: 100, default: 5, about: both('how fast') },
      words: { kind: 'list', of: { kind: 'string' }, default: ['a'], about: both('which') },
      port: { kind: 'integer', default: 80, restart: true, about: both('where') },
      key: { kind: 'secret', default: '', about: both('a secret') },
    },
    settingsChanged: (settings) => {
      if (fail.how !== undefined) return Promise.reject(fail.how);
      if (settings.speed === 13) return Promise.reject(new CommandRefusal('not 13'));
      told.push({ ...settings });
      return Promise.resolve();
    },
  });
  return { module, told, fail };
}

async function ground(module: Module, options: { account?: string; folder?: string } = {}) {
  const account = options.account ?? `a${(accounts += 1)}`;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'gramscribe-settings-')));
  folders.push(folder);
  const store = new StoredModuleSettings(context.redis, account);
  const directory = {
    find: () => ({ module, origin: 'builtin', state: 'on', errors: 0 }),
    inModule: (_name: string, work: (ctx: never, stop: AbortSignal) => Promise<unknown>, stop: AbortSignal) => work({} as never, stop),
  } as unknown as ModuleDirectory;
  const settings = new AccountSettings({
    accountId: account,
    store,
    seal: new SessionVault({ folder }),
    directory: () => directory,
    notTaken: (name) => `${name} failed`,
    log: silentLog(),
  });
  return { settings, store, account, folder, view: await settings.open(module) };
}

describe('settings of a module', () => {
  it('a change counts at once, is told to the module, and is there after a restart', async () => {
    const { module, told } = probe();
    const { settings, view, account, folder } = await ground(module);
    expect({ ...view }).toEqual({ speed: 5, words: ['a'], port: 80, key: '' });
    const changes = await settings.change(module, () => ({ speed: 7, words: ['b', 'c, d'] }), signal);
    expect(changes.map(({ key, before, after }) => [key, before, after])).toEqual([['speed', 5, 7], ['words', ['a'], ['b', 'c, d']]]);
    expect(view['speed']).toBe(7);
    expect(told).toEqual([{ speed: 7, words: ['b', 'c, d'], port: 80, key: '' }]);
    const again = await ground(probe().module, { account, folder });
    expect(again.view).toEqual({ speed: 7, words: ['b', 'c, d'], port: 80, key: '' });
  });

  it('what the module refuses is neither in force nor on record', async () => {
    const { module, told } = probe();
    const { settings, view, store } = await ground(module);
    await expect(settings.change(module, () => ({ speed: 13, words: [] }), signal)).rejects.toMatchObject({ forPerson: 'not 13' });
    expect({ ...view }).toMatchObject({ speed: 5, words: ['a'] });
    expect(await store.read('probe')).toEqual({});
    expect(told).toEqual([]);
  });

  it('what a setting does not take, or there is not, is neither told nor stored, whoever asks', async () => {
    const { module, told } = probe();
    const { settings, view, store } = await ground(module);
    for (const wish of [{ speed: 101 }, { speed: '7' }, { speed: NaN }, { speed: null }, { words: [1] }, { port: 1.5 }, { key: 7 }, { gone: 1 }, { constructor: 1 }, JSON.parse('{"__proto__":1}')] as Record<string, unknown>[]) {
      await expect(settings.change(module, () => ({ words: ['b'], ...wish }), signal), JSON.stringify(wish)).rejects.toBeInstanceOf(TypeError);
    }
    expect([told, await store.read('probe'), { ...view }]).toEqual([[], {}, { speed: 5, words: ['a'], port: 80, key: '' }]);
  });

  it('a module that fails on its new settings keeps the former ones, and the owner is told in words', async () => {
    const { module, fail } = probe();
    const { settings, view } = await ground(module);
    fail.how = new Error('a bug');
    await expect(settings.change(module, () => ({ speed: 6 }), signal)).rejects.toMatchObject({ forPerson: 'probe failed' });
    expect(view['speed']).toBe(5);
  });

  it('a module that took what could not be stored is given its former settings back', async () => {
    const { module, told } = probe();
    const { settings, view, store } = await ground(module);
    store.write = () => Promise.reject(new Error('no Redis'));
    await expect(settings.change(module, () => ({ speed: 6 }), signal)).rejects.toThrow('no Redis');
    expect(told).toMatchObject([{ speed: 6 }, { speed: 5 }]);
    expect(view['speed']).toBe(5);
  });

  it('what needs a restart is stored, said to wait, and not told to the module', async () => {
    const { module, told } = probe();
    const { settings, view } = await ground(module);
    await settings.change(module, () => ({ port: 81 }), signal);
    expect(view['port']).toBe(80);
    expect(told).toEqual([]);
    expect((await settings.states(module)).find(({ key }) => key === 'port')).toMatchObject({ value: 81, isChosen: true, afterRestart: true });
    expect((await settings.open(module))['port']).toBe(81);
  });

  it('of changes at the same time none is lost: each sees what the one before left', async () => {
    const { module } = probe();
    const { settings, view } = await ground(module);
    const add = (word: string) =>
      settings.change(module, (states) => ({ words: [...(states.find(({ key }) => key === 'words')?.value as string[]), word] }), signal);
    await Promise.all(['b', 'c', 'd', 'e', 'f'].map(add));
    expect([...(view['words'] as string[])].join('')).toBe('abcdef');
  });

  it('a reset gives the default and leaves nothing on record', async () => {
    const { module } = probe();
    const { settings, view, store } = await ground(module);
    await settings.change(module, () => ({ speed: 9 }), signal);
    await settings.change(module, () => ({ speed: undefined }), signal);
    expect(view['speed']).toBe(5);
    expect(await store.read('probe')).toEqual({});
  });

  it('a stored value that fits no longer is as if nobody had chosen it', async () => {
    const { module } = probe();
    const { account, settings } = await ground(module);
    await context.redis.hset(redisKeys.moduleSettings(account, 'probe'), { speed: '500', words: '["x"', port: '81', gone: '1' });
    expect(await settings.open(module)).toEqual({ speed: 5, words: ['a'], port: 81, key: '' });
  });

  it('a secret is sealed where it is kept, opens for its own setting alone, and is lost with its key', async () => {
    const { module } = probe();
    const { settings, account, folder, store } = await ground(module);
    await settings.change(module, () => ({ key: 'hunter2' }), signal);
    const record = (await store.read('probe'))['key'];
    expect(record).toMatch(/^sealed:/);
    expect(Buffer.from(record!.slice(7), 'base64').toString('latin1')).not.toContain('hunter2');
    expect((await ground(probe().module, { account, folder })).view['key']).toBe('hunter2');
    expect((await ground(probe().module, { account })).view['key']).toBe('');
    const other = await ground(probe().module, { folder });
    await other.store.write('probe', { key: record });
    expect((await other.settings.open(probe().module))['key']).toBe('');
    await store.write('probe', { key: '"hunter2"' });
    expect((await settings.open(module))['key']).toBe('');
  });

  it('cannot be written by the module', async () => {
    const { view } = await ground(probe().module);
    expect(() => Object.assign(view, { speed: 99 })).toThrow(TypeError);
  });

  it('as a form are plain data without a secret in them', async () => {
    const { module } = probe();
    const { settings } = await ground(module);
    await settings.change(module, () => ({ key: 'hunter2', speed: 6 }), signal);
    const form = settingsForm({ name: 'probe', about: { en: { title: 'Probe', summary: 'tries' }, ru: { title: 'Проба', summary: 'пробует' } } }, await settings.states(module), 'ru');
    expect(JSON.parse(JSON.stringify(form))).toEqual(form);
    expect(JSON.stringify(form)).not.toContain('hunter2');
    expect(form.fields[0]).toEqual({
      key: 'speed', about: 'how fast', takes: 'целое число от 0 до 100', schema: { kind: 'integer', min: 0, max: 100 },
      value: 6, default: 5, isChosen: true, isSecret: false, needsRestart: false, afterRestart: false,
    });
  });
});
