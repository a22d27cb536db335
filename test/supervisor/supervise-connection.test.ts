import { describe, expect, it } from 'vitest';
import { AccountStoppedError, OfflineError, RestartNeededError, RetryableError, UnreachableError } from '../../src/errors.js';
import { superviseConnection, type Connection, type ReconnectPolicy } from '../../src/supervisor/supervise-connection.js';
import { FakeClock, settle } from '../support/fake-clock.js';

const MINUTE_MS = 60_000;

/** A connection whose every step is decided by the test. */
class ScriptedConnection implements Connection {
  readonly calls: string[] = [];
  /** What `connect` fails with, now. */
  connectError: Error | undefined;
  /** Whether the other side answers at all, now. */
  inReach = true;
  lose: (reason: Error) => void = () => undefined;

  connect(): Promise<void> {
    this.calls.push('connect');
    return this.connectError === undefined ? Promise.resolve() : Promise.reject(this.connectError);
  }

  untilLost(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      this.lose = reject;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  disconnect(): Promise<void> {
    this.calls.push('disconnect');
    return Promise.resolve();
  }

  reach(): Promise<void> {
    return this.inReach ? Promise.resolve() : Promise.reject(new UnreachableError('no route'));
  }

  forget(): void {
    this.calls.push('forget');
  }
}

const policy: ReconnectPolicy = {
  backoff: { firstMs: 5000, maxMs: 300_000, jitter: 0 },
  stableMs: MINUTE_MS,
  leaveAfterMs: 30 * MINUTE_MS,
};

function supervised(connection: Connection, uptime: { extraMs: number } = { extraMs: 0 }) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const seen: string[] = [];
  const events = {
    connecting: () => seen.push('connecting'),
    connected: () => seen.push('connected'),
    lost: (reason: string) => seen.push(`lost: ${reason}`),
    waiting: (ms: number) => seen.push(`waiting ${ms}`),
    waitingAsTold: (ms: number) => seen.push(`waiting as told ${ms}`),
    reachable: () => seen.push('reachable'),
    woken: (ms: number) => seen.push(`woken after ${ms}`),
    rebuilding: (connects: number) => seen.push(`rebuilding after ${connects}`),
  };
  const uptimeMs = (): number => clock.nowMs() + uptime.extraMs;
  const run = superviseConnection({ connection, events, policy, clock, uptimeMs, random: () => 0 }, stop.signal);
  run.catch(() => 'looked at by the test');
  return { clock, stop, seen, run };
}

function waits(seen: string[]): string[] {
  return seen.filter((line) => line.startsWith('waiting'));
}

describe('a connection that is lost', () => {
  it('is ended and, where the other side is in reach, made again at once', async () => {
    const connection = new ScriptedConnection();
    const { seen, clock } = supervised(connection);
    await settle();
    await clock.pass(10_000);
    connection.lose(new RetryableError('socket closed'));
    await settle();
    expect(seen).toEqual(['connecting', 'connected', 'lost: socket closed', 'waiting 5000', 'reachable', 'connecting', 'connected']);
    expect(connection.calls).toEqual(['connect', 'disconnect', 'connect']);
  });

  it('is made again within a second of the moment when the network is back, however long the wait would have been', async () => {
    const connection = new ScriptedConnection();
    const { seen, clock } = supervised(connection);
    await settle();
    connection.inReach = false;
    connection.connectError = new UnreachableError('no route');
    connection.lose(new OfflineError('gone'));
    await clock.pass(10 * MINUTE_MS);
    expect(waits(seen).slice(0, 7)).toEqual([5, 10, 20, 40, 80, 160, 300].map((sec) => `waiting ${sec * 1000}`));
    connection.inReach = true;
    connection.connectError = undefined;
    await clock.pass(1000);
    expect(seen.slice(-3)).toEqual(['reachable', 'connecting', 'connected']);
  });

  it('again and again as soon as it is made, is not made in a tight loop though the other side is in reach', async () => {
    const connection = new ScriptedConnection();
    const { seen, clock } = supervised(connection);
    await settle();
    const startedAtMs = clock.nowMs();
    for (let losses = 0; losses < 8; losses += 1) {
      while (seen.at(-1) !== 'connected') await clock.pass(100, 100);
      connection.lose(new RetryableError('closed at once'));
      await settle();
    }
    // 0.5 + 1 + 2 + 4 + 5 + 5 + 5 s after the first seven.
    expect(clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(22_500);
  });
});

describe('a connect that fails', () => {
  it('though the other side is in reach all along, keeps the back-off', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new RetryableError('no answer to connecting');
    const { seen, clock } = supervised(connection);
    await settle();
    await clock.pass(5000 + 10_000 + 20_000);
    expect(seen).not.toContain('reachable');
    expect(waits(seen)).toEqual(['waiting 5000', 'waiting 10000', 'waiting 20000', 'waiting 40000']);
  });

  it('because nobody can be dialled, does not wait longer than until somebody can', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new UnreachableError('no route');
    const { seen, clock } = supervised(connection);
    await settle();
    expect(seen.slice(0, 5)).toEqual(['connecting', 'lost: no route', 'waiting 5000', 'reachable', 'connecting']);
    // Where that goes on, the waits get longer all the same.
    await clock.pass(60_000, 500);
    expect(seen.filter((line) => line === 'connecting').length).toBeLessThan(20);
  });

  it('again after the network was back, begins with the first wait', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new RetryableError('refused');
    const { seen, clock } = supervised(connection);
    await settle();
    await clock.pass(15_000);
    connection.inReach = false;
    await clock.pass(11_000);
    connection.inReach = true;
    await clock.pass(1000);
    expect(waits(seen)).toEqual(['waiting 5000', 'waiting 10000', 'waiting 20000', 'waiting 5000']);
  });

  it('after a stable minute begins with the first wait, before it does not', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new RetryableError('refused');
    const { seen, clock } = supervised(connection);
    await settle();
    await clock.pass(5000);
    connection.connectError = undefined;
    await clock.pass(10_000);
    connection.connectError = new RetryableError('refused');
    connection.lose(new RetryableError('flood', 1000));
    await clock.pass(41_000);
    expect(waits(seen).at(-1)).toBe('waiting 40000');
    connection.connectError = undefined;
    await clock.pass(40_000 + MINUTE_MS);
    connection.lose(new RetryableError('gone'));
    await settle();
    expect(waits(seen).at(-1)).toBe('waiting 5000');
  });

  it('waits as long as Telegram says, and no shorter because it can be reached', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new RetryableError('flood', 77_000);
    const { seen, clock } = supervised(connection);
    await settle();
    await clock.pass(76_000);
    expect(seen).toEqual(['connecting', 'lost: flood', 'waiting as told 77000']);
    await clock.pass(1000);
    expect(seen.at(3)).toBe('connecting');
  });

  it('climbs the ladder: from scratch after the second failure, and leaves after the stated time', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new RetryableError('the server says nothing');
    const { seen, clock, run } = supervised(connection);
    await settle();
    await clock.pass(5000);
    expect(connection.calls).not.toContain('forget');
    await clock.pass(10_000);
    expect(seen).toContain('rebuilding after 2');
    expect(connection.calls).toContain('forget');
    await clock.pass(40 * MINUTE_MS);
    await expect(run).rejects.toThrow(RestartNeededError);
    expect(connection.calls.at(-1)).toBe('disconnect');
  });

  it('for lack of a network is never a reason to leave', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new UnreachableError('no route');
    connection.inReach = false;
    const { seen, clock, stop } = supervised(connection);
    await settle();
    await clock.pass(120 * MINUTE_MS, 1000);
    expect(seen.at(-1)).toBe('waiting 300000');
    expect(connection.calls).not.toContain('forget');
    stop.abort(new Error('stop'));
  });

  it('because Telegram refuses the account is the last', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new AccountStoppedError('SESSION_REVOKED', 'revoked');
    const { run } = supervised(connection);
    await expect(run).rejects.toBeInstanceOf(AccountStoppedError);
    expect(connection.calls).toEqual(['connect', 'disconnect']);
  });
});

describe('after the machine slept', () => {
  it('a connection that stood is not trusted but made anew at once', async () => {
    const connection = new ScriptedConnection();
    const uptime = { extraMs: 0 };
    const { seen, clock } = supervised(connection, uptime);
    await settle();
    await clock.pass(60_000);
    uptime.extraMs = 3 * 3_600_000;
    await clock.pass(5000);
    expect(seen.slice(2)).toEqual([
      'woken after 10805000',
      'lost: this machine or process stood still for 10805 s',
      'waiting 5000',
      'reachable',
      'connecting',
      'connected',
    ]);
  });

  it('a wait is over', async () => {
    const connection = new ScriptedConnection();
    connection.connectError = new UnreachableError('no route');
    connection.inReach = false;
    const uptime = { extraMs: 0 };
    const { seen, clock } = supervised(connection, uptime);
    await settle();
    await clock.pass(100_000);
    const before = seen.length;
    uptime.extraMs = 3_600_000;
    await clock.pass(5000);
    expect(seen.slice(before, before + 2)).toEqual(['woken after 3605000', 'connecting']);
  });
});

it.each(['while connected', 'while waiting'])('stopped %s, it ends the connection and rejects with the reason', async (when) => {
  const connection = new ScriptedConnection();
  const { stop, run } = supervised(connection);
  await settle();
  if (when === 'while waiting') {
    connection.inReach = false;
    connection.lose(new RetryableError('gone'));
  }
  await settle();
  stop.abort(new Error('stop'));
  await expect(run).rejects.toThrow('stop');
  expect(connection.calls.at(-1)).toBe('disconnect');
});
