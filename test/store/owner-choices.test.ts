import { expect, it } from 'vitest';
import { isPrefix } from '../../src/modules/command-line/is-prefix.js';
import type { ModuleMessage } from '../../src/modules/contract/index.js';
import { OwnerChoices } from '../../src/store/owner-choices.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

async function choices(account: string, prefix = '.'): Promise<OwnerChoices> {
  const made = new OwnerChoices({ redis: context.redis, account, configured: { prefix, language: 'en' } });
  await made.load();
  return made;
}

function message(over: Partial<ModuleMessage>): ModuleMessage {
  return {
    accountId: 'main', chat: { kind: 'group', id: '5' }, chatKind: 'group', messageId: 1, outgoing: false, edited: false, dateMs: 0, text: '',
    forwarded: false, viaBot: false, hasMedia: false, sender: { kind: 'user', id: '7' }, ...over,
  };
}

it('what the owner chose counts at once and after a restart, for that account alone', async () => {
  const one = await choices('one');
  await one.choosePrefix('!');
  await one.chooseLanguage('ru');
  await one.setAlias('п', 'ping');
  await one.setAlias('a', 'п');
  for (const same of [one, await choices('one')]) {
    expect([same.prefix, same.language, [...same.aliases]]).toEqual(['!', 'ru', [['a', 'п'], ['п', 'ping']]]);
  }
  expect(await one.removeAlias('п')).toBe(true);
  expect(await one.removeAlias('п')).toBe(false);
  expect([...(await choices('one')).aliases.keys()]).toEqual(['a']);
  const other = await choices('other');
  expect([other.prefix, other.language, other.aliases.size]).toEqual(['.', 'en', 0]);
});

it('a forgotten prefix is undone by another one on the host', async () => {
  await (await choices('lost')).choosePrefix('%');
  expect((await choices('lost')).prefix).toBe('%');
  expect((await choices('lost', '!')).prefix).toBe('!');
});

it('ignored are a person everywhere and a chat with all in it, but never what the owner writes', async () => {
  const made = await choices('quiet');
  expect(made.ignores(message({}))).toBe(false);
  expect(await made.ignore({ peer: { kind: 'user', id: '7' }, name: 'Ann', sinceMs: 2 })).toBe(true);
  expect(await made.ignore({ peer: { kind: 'user', id: '7' }, name: 'Ann', sinceMs: 2 })).toBe(false);
  await made.ignore({ peer: { kind: 'channel', id: '9' }, name: 'c', sinceMs: 1 });
  const again = await choices('quiet');
  expect(again.ignored.map(({ name }) => name)).toEqual(['c', 'Ann']);
  expect(again.ignores(message({}))).toBe(true);
  expect(again.ignores(message({ sender: { kind: 'user', id: '8' } }))).toBe(false);
  expect(again.ignores(message({ chat: { kind: 'channel', id: '9' }, sender: { kind: 'user', id: '8' } }))).toBe(true);
  expect(again.ignores(message({ outgoing: true, chat: { kind: 'channel', id: '9' } }))).toBe(false);
  expect(await again.unignore({ kind: 'user', id: '7' })).toBe(true);
  expect(again.ignores(message({}))).toBe(false);
});

it('a prefix is made of signs that people can type, and that nobody begins a text with by habit', () => {
  for (const good of ['.', '!', '/', '$', '>>', '%%%', '~', '+', '。', '?']) expect(isPrefix(good), good).toBe(true);
  for (const bad of ['', 'a', 'я', '1', ' ', '. ', '!!!!', '@', '#', '..', '--', '…', '"', '«', '🙂', 'a.', '**', '\n', '\u200b']) expect(isPrefix(bad), JSON.stringify(bad)).toBe(false);
});
