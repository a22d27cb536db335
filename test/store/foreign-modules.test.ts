import { expect, test } from 'vitest';
import { z } from 'zod';
import type { AccessRule } from '../../src/modules/access/access-rule.js';
import { StoredAccessRules } from '../../src/store/access-rules.js';
import { ForeignModuleStore } from '../../src/store/foreign-modules.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('of a module that was thrown out nothing is left for another of its name: no data, no settings, no chats, no rights', async () => {
  const { redis } = context;
  const store = new ForeignModuleStore(redis, 'main', z.unknown());
  const rules = new StoredAccessRules(redis, 'main');
  const rule = (module: string, wholeModule: boolean): AccessRule => ({ subject: { kind: 'group', name: 'family' }, subjectName: 'family', module, commands: ['roll'], wholeModule, onlyOwn: false, sinceMs: 1 });
  for (const module of ['dice', 'dices']) {
    await redis.hset(redisKeys.moduleStore('main', module), 'a', '1');
    await redis.hset(redisKeys.moduleSettings('main', module), 'a', '1');
    await store.shownChats(module).add('u1', 1, 10);
    for (const whole of [true, false]) await rules.put(rule(module, whole));
  }
  await rules.seed([]);
  await store.forgetData('dice');
  expect((await redis.keys('*:dice:*')).concat(await store.shownChats('dice').load())).toEqual([]);
  expect((await rules.rules(0)).map(({ module }) => module)).toEqual(['dices', 'dices']);
  expect(await store.shownChats('dices').load()).toEqual(['u1']);
});
