import { expect, test } from 'vitest';
import { redisKeys } from '../../src/store/redis-keys.js';
import type { UpdateCursor } from '../../src/store/update-state.js';
import { UpdateState } from '../../src/store/update-state.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const common = { pts: 10, qts: 0, dateSec: 100, seq: 1 };

function cursor(over: Partial<UpdateCursor> = {}): UpdateCursor {
  return { common, channels: new Map(), lastSeen: new Map(), ...over };
}

test('the cursor comes back as it was stored, and what is gone from it is gone', async () => {
  const state = new UpdateState(context.redis, 'first', () => 1);
  const { serverRun, cursor: nothing } = await state.load();
  expect(nothing).toBeUndefined();
  const full = cursor({
    channels: new Map([
      ['7', { pts: 5, accessHash: '-77' }],
      ['8', { pts: 6, accessHash: '88' }],
    ]),
    lastSeen: new Map([['u5', 30]]),
  });
  expect(await state.save(serverRun, full)).toBe(true);
  expect((await new UpdateState(context.redis, 'first', () => 1).load()).cursor).toEqual(full);
  full.channels.delete('8');
  await state.save(serverRun, full);
  expect((await new UpdateState(context.redis, 'first', () => 1).load()).cursor).toEqual(full);
});

test('a process that was held up while another took the account over moves the cursor no more', async () => {
  let newest = 1;
  const heldUp = new UpdateState(context.redis, 'fenced', () => 1);
  const { serverRun } = await heldUp.load();
  await context.redis.set(redisKeys.leaseToken('fenced'), newest);
  expect(await heldUp.save(serverRun, cursor())).toBe(true);
  newest += 1;
  await context.redis.set(redisKeys.leaseToken('fenced'), newest);
  expect(await heldUp.save(serverRun, cursor({ common: { ...common, pts: 99 } }))).toBe(false);
  const other = new UpdateState(context.redis, 'fenced', () => newest);
  expect((await other.load()).cursor?.common.pts).toBe(10);
  expect(await other.save(serverRun, cursor({ common: { ...common, pts: 11 } }))).toBe(true);
});

test('only what changed is written', async () => {
  const state = new UpdateState(context.redis, 'second', () => 1);
  const { serverRun } = await state.load();
  const channels = new Map(Array.from({ length: 300 }, (_, id) => [String(id), { pts: 1, accessHash: '1' }]));
  await state.save(serverRun, cursor({ channels }));
  const before = await written();
  channels.set('5', { pts: 2, accessHash: '1' });
  await state.save(serverRun, cursor({ channels }));
  expect((await written()) - before).toBeLessThan(3);
  await state.save(serverRun, cursor({ channels }));
  expect((await new UpdateState(context.redis, 'second', () => 1).load()).cursor?.channels.get('5')?.pts).toBe(2);
});

test('a server that was started anew takes no cursor that was computed before', async () => {
  const { redis, server } = context;
  const state = new UpdateState(redis, 'third', () => 1);
  const { serverRun } = await state.load();
  await state.save(serverRun, cursor());
  const back = new Promise((resolve) => redis.once('ready', resolve));
  process.kill(server.pid ?? 0, 'SIGKILL');
  const late = state.save(serverRun, cursor({ common: { ...common, pts: 99 } }));
  await back;
  expect(await late).toBe(false);
  const loaded = await state.load();
  expect(loaded.cursor?.common.pts ?? 10).toBe(10);
  expect(loaded.serverRun).not.toBe(serverRun);
  expect(await state.save(loaded.serverRun, cursor({ common: { ...common, pts: 99 } }))).toBe(true);
});

/** How many hash fields the server was ever told to write. */
async function written(): Promise<number> {
  const stats = await context.redis.info('commandstats');
  return Number(/cmdstat_hset:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}
