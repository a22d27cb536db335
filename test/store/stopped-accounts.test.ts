import { expect, test } from 'vitest';
import { StoppedAccounts } from '../../src/store/stopped-accounts.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('the session that was refused is remembered, another one of the account is free, and neither is in Redis', async () => {
  const stopped = new StoppedAccounts(context.redis);
  expect(await stopped.find('main', 'session-one')).toBeUndefined();
  await stopped.record('main', 'session-one', { code: 'SESSION_REVOKED', atMs: 5 });
  expect(await stopped.find('main', 'session-one')).toEqual({ code: 'SESSION_REVOKED', atMs: 5 });
  expect(await stopped.find('main', ' session-one\n')).toEqual({ code: 'SESSION_REVOKED', atMs: 5 });
  expect(await stopped.find('main', 'session-two')).toBeUndefined();
  expect(await stopped.find('other', 'session-one')).toBeUndefined();
  const all = await Promise.all((await context.redis.keys('*')).map((key) => context.redis.hgetall(key)));
  expect(JSON.stringify(all)).not.toContain('session-one');
});
