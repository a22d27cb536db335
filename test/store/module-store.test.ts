import { expect, test } from 'vitest';
import { ModuleStoreError, openModuleStore, StoreTooNewError } from '../../src/store/module-store.js';
import type { StoreMigration } from '../../src/modules/contract/define-module.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const open = (name: string, migrations: readonly StoreMigration[] = [], account = 'main') => openModuleStore(context.redis, account, { name, migrations });

test('a module keeps JSON under its own keys, and sees nobody else’s', async () => {
  const store = await open('one');
  await store.set('b', { deep: [1, null] });
  await store.set('a', 'x');
  expect(await store.get('b')).toEqual({ deep: [1, null] });
  expect(await store.keys()).toEqual(['a', 'b']);
  expect(await store.keys('b')).toEqual(['b']);
  expect(await (await open('two')).keys()).toEqual([]);
  expect(await (await open('one', [], 'other')).keys()).toEqual([]);
  expect([await store.delete('a'), await store.delete('a')]).toEqual([true, false]);
  expect(await store.get('a')).toBeUndefined();
});

test('changes at the same time are all kept', async () => {
  const store = await open('counter');
  const other = await open('counter');
  await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? store : other).update('n', (value) => Number(value ?? 0) + 1)));
  expect(await store.get('n')).toBe(20);
  await Promise.all([store.update('n', () => undefined), other.update('m', () => 1)]);
  expect(await store.keys()).toEqual(['m']);
});

test('what no store takes is refused, and nothing of it is kept', async () => {
  const store = await open('bounds');
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  for (const value of [undefined, () => 1, circle, 1n, 'x'.repeat(256 * 1024)]) await expect(store.set('a', value)).rejects.toBeInstanceOf(ModuleStoreError);
  await expect(store.set('', 1)).rejects.toBeInstanceOf(ModuleStoreError);
  await expect(store.set('k'.repeat(201), 1)).rejects.toBeInstanceOf(ModuleStoreError);
  expect(await store.keys()).toEqual([]);
  await context.redis.hset('gramscribe:main:module:bounds:store', Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, '1'])));
  await expect(store.set('one-more', 1)).rejects.toThrow('10000 keys');
  await expect(store.update('one-more', () => 1)).rejects.toThrow('10000 keys');
  await store.set('k1', 2);
  expect(await store.get('k1')).toBe(2);
});

test('each step of the versions is done once, whole or not at all, and goes on where it was cut off', async () => {
  const before = await open('old');
  await before.set('names', ['ann', 'bob']);
  let calls = 0;
  const toObject: StoreMigration = async (store) => {
    calls += 1;
    for (const name of (await store.get('names')) as string[]) await store.set(`person:${name}`, { name });
    await store.delete('names');
    expect(await store.keys()).toEqual(['person:ann', 'person:bob']);
  };
  const broken: StoreMigration = async (store) => {
    await store.set('half', 1);
    throw new Error('cut off');
  };
  await expect(open('old', [toObject, broken])).rejects.toThrow('cut off');
  expect(await before.keys()).toEqual(['person:ann', 'person:bob']);
  const withAge: StoreMigration = async (store) => {
    await store.update('person:ann', (value) => ({ ...(value as object), age: 3 }));
  };
  const after = await open('old', [toObject, withAge]);
  expect(await after.get('person:ann')).toEqual({ name: 'ann', age: 3 });
  expect(calls).toBe(1);
  await open('old', [toObject, broken]);
  expect(calls).toBe(1);
});

test('a step that was cut off has changed nothing, and one that ends after another process has done it changes nothing either', async () => {
  const before = await open('cut');
  await before.set('count', 1);
  let goOn: (() => void) | undefined;
  const slow: StoreMigration = async (store) => {
    await store.set('count', 'half done');
    await new Promise<void>((resolve) => (goOn = resolve));
    await store.set('late', true);
  };
  const cutOff = open('cut', [slow]);
  await expect.poll(() => goOn).toBeDefined();
  expect(await before.get('count')).toBe(1);
  const after = await open('cut', [(store) => store.update('count', (count) => Number(count) + 1).then(() => undefined)]);
  goOn?.();
  await expect(cutOff).rejects.toBeInstanceOf(ModuleStoreError);
  expect([await after.get('count'), await after.keys()]).toEqual([2, ['count']]);
});

test('a step that asks for what no store takes counts for nothing', async () => {
  const before = await open('over');
  await before.set('count', 1);
  const tooMuch: StoreMigration = async (store) => {
    await store.delete('count');
    await store.set('big', 'x'.repeat(256 * 1024));
  };
  await expect(open('over', [tooMuch])).rejects.toBeInstanceOf(ModuleStoreError);
  expect(await before.get('count')).toBe(1);
});

test('a new store begins at the newest version, and one of a newer version is left alone', async () => {
  const never: StoreMigration = () => Promise.reject(new Error('there is nothing to migrate'));
  const store = await open('new', [never, never]);
  await store.set('a', 1);
  await open('new', [never, never]);
  await expect(open('new', [never])).rejects.toBeInstanceOf(StoreTooNewError);
  expect(await store.get('a')).toBe(1);
});

test('a module keeps 16 MB at most; what is there may be replaced by less, and read', async () => {
  const store = await open('large');
  const large = JSON.stringify('x'.repeat(256 * 1024 - 2));
  await context.redis.hset('gramscribe:main:module:large:store', Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`k${at}`, large])));
  await expect(store.set('one-more', 1)).rejects.toThrow('16 MB');
  await expect(open('large', [(copy) => store.keys().then(async (keys) => { for (const key of [...keys, 'more']) await copy.set(key, 'y'.repeat(256 * 1024 - 2)); })])).rejects.toThrow(ModuleStoreError);
  await store.set('k0', 1);
  await store.set('one-more', 1);
  expect([await store.get('one-more'), (await store.keys()).length]).toEqual([1, 65]);
});
