import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { AccountInUseError, OfflineError } from '../../src/errors.js';
import { AccountLease, type AccountLeaseOptions, type LeaseHolder } from '../../src/store/account-lease.js';
import { connectRedis } from '../../src/store/connect-redis.js';
import { ownIdentity } from '../../src/store/process-identity.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const never = new AbortController().signal;
const KEY = redisKeys.lease('main');

beforeEach(() => context.redis.flushall());

async function lease(options: Partial<AccountLeaseOptions> = {}) {
  const clock = new FakeClock();
  const told: string[] = [];
  const made = new AccountLease({
    redis: context.redis,
    account: 'main',
    self: { ...(await ownIdentity()), version: '1.0.0', sinceMs: 1 },
    events: {
      waiting: ({ pid }, forMs) => told.push(`waiting for ${pid}, ${forMs > 0 ? 'for a while' : 'for nothing'}`),
      lapsed: (ms) => told.push(`lapsed after ${ms}`),
      back: () => told.push('back'),
    },
    clock,
    log: silentLog(),
    ...options,
  });
  onTestFinished(() => made.stop());
  return { lease: made, clock, told };
}

/** What another process wrote down as its lease, running out after so long. */
async function heldBy(holder: LeaseHolder, forMs: number, token = 7): Promise<string> {
  const value = `${token} ${JSON.stringify(holder)}`;
  await context.redis.set(redisKeys.leaseToken('main'), token);
  await context.redis.set(KEY, value, 'PX', forMs);
  return value;
}

const elsewhere: LeaseHolder = { host: 'vps2', machine: 'vps2 boot ns', pid: 99, start: '5', version: '1.0.0', sinceMs: 1 };

/** A process that is gone, as the identity that it had. */
async function goneProcess(): Promise<LeaseHolder> {
  const child = spawn('true');
  await once(child, 'exit');
  return { ...(await ownIdentity()), pid: child.pid ?? 0, start: '12345', version: '1.0.0', sinceMs: 1 };
}

describe('a lease', () => {
  it('is held by one process: a second one on the machine is refused at once and told who holds it', async () => {
    const first = await lease();
    await first.lease.start(never);
    expect(first.lease.isHeld).toBe(true);
    const second = await lease();
    const refused = second.lease.start(never);
    await expect(refused).rejects.toThrow(AccountInUseError);
    await expect(refused).rejects.toMatchObject({ holder: { pid: process.pid, version: '1.0.0' } });
    expect(second.lease.isHeld).toBe(false);
    expect(() => second.lease.assertHeld()).toThrow(OfflineError);
  });

  it('that is given back can be taken at once, with a higher token', async () => {
    const first = await lease();
    await first.lease.start(never);
    const { token } = first.lease;
    await first.lease.stop();
    expect(first.lease.isHeld).toBe(false);
    const second = await lease();
    await second.lease.start(never);
    expect(second.lease.token).toBeGreaterThan(token);
  });

  it('of a process that is certainly gone is taken over at once', async () => {
    await heldBy(await goneProcess(), 3_600_000);
    const { lease: mine, told } = await lease();
    await mine.start(never);
    expect(mine.token).toBe(8);
    expect(told).toEqual([]);
  });

  it('of a process elsewhere that is gone is waited for, and taken when it has run out', async () => {
    await heldBy(elsewhere, 300);
    const { lease: mine, clock, told } = await lease();
    const started = mine.start(never);
    while (told.length === 0) await settle();
    expect(told).toEqual(['waiting for 99, for a while']);
    while ((await context.redis.exists(KEY)) === 1) await settle();
    await clock.pass(1000);
    await started;
    expect(mine.isHeld).toBe(true);
  });

  it('of a process elsewhere that renews it is not to be had', async () => {
    await heldBy(elsewhere, 60_000);
    const { lease: mine, clock, told } = await lease();
    const started = expect(mine.start(never)).rejects.toThrow(AccountInUseError);
    while (told.length === 0) await settle();
    await context.redis.pexpire(KEY, 90_000);
    await clock.pass(1000);
    await started;
  });

  it('that Redis does not take, because it writes nothing now, is asked for again until it does', async () => {
    await context.redis.config('SET', 'maxmemory', '1');
    onTestFinished(async () => {
      await context.redis.config('SET', 'maxmemory', '0');
    });
    const { log, lines } = recordedLog();
    const { lease: mine, clock } = await lease({ log });
    const started = mine.start(never);
    while (lines.length === 0) await settle();
    await clock.pass(5000);
    expect(lines).toEqual([expect.objectContaining({ level: 40, msg: expect.stringContaining('trying again: OOM') as string })]);
    expect(mine.isHeld).toBe(false);
    await context.redis.config('SET', 'maxmemory', '0');
    await clock.pass(1000);
    while (!mine.isHeld) await clock.pass(1000);
    await started;
  });

  it('does not keep a stop waiting', async () => {
    await heldBy(elsewhere, 60_000);
    const { lease: mine, told } = await lease();
    const stop = new AbortController();
    const started = expect(mine.start(stop.signal)).rejects.toThrow('stop');
    while (told.length === 0) await settle();
    stop.abort(new Error('stop'));
    await started;
  });
});

describe('a lease that is held', () => {
  it('is renewed as long as the process lives', async () => {
    const { lease: mine, clock } = await lease();
    await mine.start(never);
    for (let minutes = 0; minutes < 3; minutes += 1) {
      for (let steps = 0; steps < 60; steps += 1) {
        await clock.advance(1000);
        await context.redis.ping();
      }
    }
    expect(mine.isHeld).toBe(true);
    expect(await context.redis.pttl(KEY)).toBeGreaterThan(10_000);
  });

  it('that comes back by the answer to an old question is asked for again before it runs out', async () => {
    const redis = connectRedis({ url: context.server.socketPath }, silentLog());
    onTestFinished(() => redis.disconnect());
    const { lease: mine, clock, told } = await lease({ redis });
    await mine.start(never);
    await context.redis.client('PAUSE', 60_000, 'WRITE');
    await clock.pass(22_000);
    await context.redis.client('UNPAUSE');
    await redis.ping();
    for (let steps = 0; steps < 40; steps += 1) {
      await clock.advance(250);
      await context.redis.ping();
    }
    expect(told).toEqual([expect.stringContaining('lapsed'), 'back']);
  });

  it('is no longer as soon as its time is over without Redis: known by the own clock, at once, and told', async () => {
    const redis = connectRedis({ url: context.server.socketPath }, silentLog());
    onTestFinished(() => redis.disconnect());
    const { lease: mine, clock, told } = await lease({ redis });
    await mine.start(never);
    const lost = expect(mine.untilLost(never)).rejects.toThrow(OfflineError);
    await context.redis.client('PAUSE', 60_000, 'WRITE');
    await clock.pass(19_900, 100);
    expect(mine.isHeld).toBe(true);
    await clock.pass(200, 100);
    expect(mine.isHeld).toBe(false);
    expect(() => mine.assertHeld()).toThrow(OfflineError);
    await clock.pass(500, 100);
    await lost;
    expect(told).toEqual([expect.stringMatching(/^lapsed after 20\d00$/)]);
    await context.redis.client('UNPAUSE');
    const back = mine.untilHeld(never);
    while (!told.includes('back')) await clock.pass(250, 250);
    await back;
  });

  it('comes back with the same token where Redis forgot it and nobody else had it', async () => {
    const { lease: mine, clock } = await lease();
    await mine.start(never);
    const { token } = mine;
    await context.redis.del(KEY);
    await clock.pass(5000);
    await expect.poll(() => context.redis.exists(KEY)).toBe(1);
    expect(mine.token).toBe(token);
    expect(mine.isHeld).toBe(true);
  });

  it('is taken anew where somebody had it meanwhile and is gone', async () => {
    const { lease: mine, clock } = await lease();
    await mine.start(never);
    await heldBy(await goneProcess(), 60_000, 40);
    await clock.pass(5000);
    await expect.poll(() => mine.token).toBe(41);
    expect(mine.isHeld).toBe(true);
  });

  it('and that somebody else has taken is given up for good', async () => {
    const { lease: mine, clock } = await lease();
    await mine.start(never);
    const lost = expect(mine.untilLost(never)).rejects.toThrow(AccountInUseError);
    const theirs = await heldBy({ ...elsewhere, machine: (await ownIdentity()).machine, pid: process.pid, start: (await ownIdentity()).start }, 60_000);
    await clock.pass(5000);
    await expect.poll(() => mine.isHeld).toBe(false);
    await clock.pass(500);
    await lost;
    await expect(mine.untilHeld(never)).rejects.toThrow(AccountInUseError);
    await mine.stop();
    expect(await context.redis.get(KEY)).toBe(theirs);
  });
});
