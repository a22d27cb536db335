import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { SetupError } from '../../src/errors.js';
import { heldUntilMs } from '../../src/queue/held-until.js';
import { VoiceQueue } from '../../src/queue/voice-queue.js';
import { VoiceWorker } from '../../src/queue/voice-worker.js';
import { AccountLease } from '../../src/store/account-lease.js';
import { BacklogStore } from '../../src/store/backlog-store.js';
import { DeadLetters } from '../../src/store/dead-letters.js';
import { FloodWaits } from '../../src/store/flood-waits.js';
import { ownIdentity } from '../../src/store/process-identity.js';
import { Receipts } from '../../src/store/receipts.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { requireOwnKeys } from '../../src/store/require-own-keys.js';
import { RuntimeSettings } from '../../src/store/runtime-settings.js';
import { StoppedAccounts } from '../../src/store/stopped-accounts.js';
import { TrackedList } from '../../src/store/tracked-list.js';
import { Transcripts } from '../../src/store/transcripts.js';
import { UpdateState } from '../../src/store/update-state.js';
import { systemClock } from '../../src/supervisor/clock.js';
import { voiceJobId } from '../../src/voice/voice-job.js';
import { anyText, forEvery, NASTY_TEXTS, tried } from '../support/hostile-inputs.js';
import { voiceJob } from '../support/messages.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

/** What somebody's hand, a half-written value or another version may have left: texts, cut JSON, JSON of another shape. */
const whole = JSON.stringify({ ...voiceJob(), text: 'x', id: '5', name: 'Anna', sinceMs: 1, pts: 1, qts: 1, dateSec: 1, seq: 1 });
const garbage = fc.oneof(
  anyText,
  fc.nat(whole.length).map((length) => whole.slice(0, length)),
  fc.json(),
  fc.constantFrom('{"__proto__":{"isAdmin":true}}', '{"constructor":{"prototype":{"isAdmin":true}}}', '[[[[', '{"text":{}}', '{"recognition":null,"text":"x"}'),
);

function expectNoPollution(): void {
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
}

test('a list of tracked people with garbage in it is still a list, and garbage can be taken off it', async (ctx) => {
  const tracked = new TrackedList(context.redis, redisKeys.trackedUsers);
  await tracked.add('a', { id: '5', name: 'Anna', sinceMs: 5 });
  await forEvery(ctx, fc.tuple(anyText.filter((field) => field !== '5' && Buffer.from(field).toString() === field), garbage), 200, async ([field, value]) => {
    await context.redis.hset(redisKeys.trackedUsers('a'), field, value);
    const list = await tracked.list('a');
    expect(list.map(({ id }) => id).sort()).toEqual(['5', field].sort());
    expect(list.every(({ name, sinceMs }) => typeof name === 'string' && Number.isFinite(sinceMs))).toBe(true);
    expect(await tracked.remove('a', field)).toBe(true);
    expectNoPollution();
  });
});

test('a receipt with garbage in it tells of what can be a message and of nothing else', async (ctx) => {
  const receipts = new Receipts(context.redis);
  await forEvery(ctx, fc.tuple(garbage, garbage), 200, async ([field, value]) => {
    await context.redis.del(redisKeys.receipt('j'));
    await receipts.recordPart('j', 1, 70);
    if (field !== '1' && field !== 'done') await context.redis.hset(redisKeys.receipt('j'), { [field]: value, 2: value });
    const { parts, done } = await receipts.read('j');
    expect(parts.get(1)).toBe(70);
    expect([...parts].flat().every((number) => Number.isSafeInteger(number) && number > 0)).toBe(true);
    expect(done).toBe(false);
  });
});

test('a transcript that cannot be read is none, and counts that are no numbers are 0', async (ctx) => {
  const transcripts = new Transcripts(context.redis);
  await forEvery(ctx, garbage, 200, async (value) => {
    await context.redis.set(redisKeys.transcript('j'), value);
    expect(await transcripts.read('j')).toBeUndefined();
    await context.redis.hset(redisKeys.outcomes('a'), 'text', value);
    const counts = Object.values(await transcripts.outcomes('a'));
    expect(counts.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
    expectNoPollution();
  });
});

test('a chosen model that can be no name is not chosen', async (ctx) => {
  const settings = new RuntimeSettings(context.redis);
  await forEvery(ctx, garbage, 150, async (value) => {
    await context.redis.hset(redisKeys.settings, 'model', value);
    expect((await settings.model()) ?? 'base').toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
  });
});

test('what was set aside, dead letters and the question are read as far as they can be', async (ctx) => {
  const backlog = new BacklogStore(context.redis, 'a');
  const letters = new DeadLetters(context.redis);
  const job = voiceJob();
  await backlog.add({ jobId: 'good', job, because: 'ask' });
  await forEvery(ctx, garbage, 150, async (value) => {
    await context.redis.hset(redisKeys.backlog('a'), 'bad', value);
    await context.redis.hset(redisKeys.deadLetters('a'), 'bad', value);
    await context.redis.set(redisKeys.backlogQuestion('a'), value);
    expect((await backlog.list()).map(({ jobId }) => jobId)).toEqual(['good']);
    expect(await letters.list('a')).toEqual([]);
    expect(await letters.find('a', 'bad')).toBeUndefined();
    expect(await backlog.question()).toBeUndefined();
    expect(Number.isSafeInteger(await backlog.dropped())).toBe(true);
    expectNoPollution();
  });
});

test('an update cursor that cannot be read is none, and one field of it never spoils the others', async (ctx) => {
  await forEvery(ctx, fc.tuple(garbage, fc.constantFrom('common', 'channel:7', 'seen:u5', 'seen:', 'channel:', 'nonsense')), 200, async ([value, field]) => {
    const key = redisKeys.updates('a');
    await context.redis.del(key);
    await context.redis.hset(key, 'common', JSON.stringify({ pts: 5, qts: 1, dateSec: 2, seq: 3 }));
    await context.redis.hset(key, 'channel:9', JSON.stringify({ pts: 4, accessHash: '1' }));
    await context.redis.hset(key, field, value);
    const { cursor } = await new UpdateState(context.redis, 'a', () => 1).load();
    if (field === 'common') return;
    expect(cursor?.common.pts).toBe(5);
    expect(cursor?.channels.get('9')?.pts).toBe(4);
    expect([...(cursor?.lastSeen.values() ?? [])].every((id) => Number.isSafeInteger(id) && id > 0)).toBe(true);
  });
});

test('a lease that is none is taken over, and what is known of a refused session is told or not', async (ctx) => {
  const self = { ...(await ownIdentity()), version: '1', sinceMs: 1 };
  const events = { waiting: () => undefined, lapsed: () => undefined, back: () => undefined };
  for (const value of [...NASTY_TEXTS.filter((text) => text !== ''), '5 {"host":', '5 {}', '5 null', `5 ${whole}`]) {
    tried(ctx);
    await context.redis.set(redisKeys.lease('a'), value);
    const lease = new AccountLease({ redis: context.redis, account: 'a', self, events, clock: systemClock, log: silentLog() });
    await lease.start(AbortSignal.timeout(20_000));
    expect(lease.isHeld).toBe(true);
    await lease.stop();
    await context.redis.hset(redisKeys.stopped('a'), { code: value, atMs: value, session: value });
    expect(await new StoppedAccounts(context.redis).find('a', 'a session')).toBeUndefined();
  }
  await context.redis.zadd(redisKeys.floodWaits('a'), 'inf', 'x', '-inf', 'y', 1, 'z', 9, 'good');
  const waits = await new FloodWaits(context.redis, 'a', () => 5).load();
  expect(waits.map(({ scope }) => scope)).toEqual(['good']);
});

test('a key of ours that somebody else uses is named at the start, with what to do', async (ctx) => {
  const { redis } = context;
  const keys = [redisKeys.settings, redisKeys.trackedUsers('b'), redisKeys.outcomes('b'), redisKeys.updates('b'), redisKeys.lease('b'), redisKeys.deadLetterTimes('b')];
  for (const key of keys) {
    for (const spoil of [() => redis.rpush(key, 'x'), () => redis.sadd(key, 'x'), () => redis.xadd(key, '*', 'a', 'b')]) {
      tried(ctx);
      await redis.del(key);
      await spoil();
      const error: unknown = await requireOwnKeys(redis, 'b').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SetupError);
      expect((error as SetupError).message).toContain(key);
      await redis.del(key);
    }
  }
  await requireOwnKeys(redis, 'b');
});

test('jobs that cannot be read are taken out of the line, and those behind them are done', async (ctx) => {
  const { redis } = context;
  const { log, lines } = recordedLog();
  const queue = new VoiceQueue(redis, log);
  const score = heldUntilMs({ notBeforeMs: Date.now(), holdsChat: false }) * 4096;
  const key = (name: string): string => `${redisKeys.queuePrefix}:voice:${name}`;
  const good = Array.from({ length: 3 }, (_, n) => voiceJob({ messageId: 1000 + n }));
  const shapes = ['', '{', 'null', '[]', '{}', '"x"', '{"chat":null}', JSON.stringify({ ...voiceJob(), media: undefined }), whole.slice(0, 100), ...NASTY_TEXTS.slice(0, 20)];
  const bad = shapes.flatMap((data, n) => ['delayed', 'wait', 'active'].map((place) => ({ id: `main:u5:${2000 + n}${place.length}`, data, place })));
  for (const { id, data, place } of bad) {
    tried(ctx);
    await redis.hset(key(id), { name: 'voice', data, opts: '{}', timestamp: '1', delay: '0', priority: '0' });
    if (place === 'delayed') await redis.zadd(key('delayed'), score, id);
    else await redis.lpush(key(place), id);
  }
  // One that is no hash at all, and one that is nothing but its name in the line.
  tried(ctx, 2);
  await redis.set(key('main:u5:1'), 'a string');
  await redis.zadd(key('delayed'), score, 'main:u5:1', score, 'main:u5:2');
  for (const job of good) await queue.add(job);
  const done: number[] = [];
  const worker = new VoiceWorker({
    redis, queue, concurrency: 1,
    run: (job) => Promise.resolve(void done.push(job.messageId)),
    bury: () => Promise.resolve(), sureSinceMs: () => 0, onIncident: () => undefined, log,
  }); // prettier-ignore
  await worker.start();
  onTestFinished(async () => {
    await worker.stop();
    await queue.close();
  });
  await expect.poll(() => done, { timeout: 60_000 }).toEqual(good.map(({ messageId }) => messageId));
  await expect.poll(() => queue.unfinished(), { timeout: 60_000 }).toEqual([]);
  expect(lines.filter(({ msg }) => String(msg).includes('taken out of the line')).length).toBe(bad.length + 2);
  expect(voiceJobId(good[0]!)).toBe('main:u5:1000');
});
