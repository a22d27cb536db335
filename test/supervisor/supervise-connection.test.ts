import { expect, test } from 'vitest';
import { AccountStoppedError, RetryableError } from '../../src/errors.js';
import { RECONNECT_BACKOFF } from '../../src/supervisor/backoff.js';
import { superviseConnection } from '../../src/supervisor/supervise-connection.js';
import { FakeClock, settle } from '../support/fake-clock.js';

/** A connection whose every step is decided by the test. */
class ScriptedConnection {
  readonly calls: string[] = [];
  connectError: Error | undefined;
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
}

function supervised(connection: ScriptedConnection) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const seen: string[] = [];
  const events = {
    connecting: () => seen.push('connecting'),
    connected: () => seen.push('connected'),
    lost: (reason: string) => seen.push(`lost: ${reason}`),
    waiting: (ms: number) => seen.push(`waiting ${ms}`),
  };
  const run = superviseConnection(
    { connection, events, backoff: { ...RECONNECT_BACKOFF, jitter: 0 }, stableMs: 60_000, clock, random: () => 0 },
    stop.signal,
  );
  run.catch(() => 'looked at by the test');
  return { clock, stop, seen, run };
}

test('a lost connection is ended, waited for and made again', async () => {
  const connection = new ScriptedConnection();
  const { clock, seen } = supervised(connection);
  await settle();
  connection.lose(new RetryableError('socket closed'));
  await settle();
  expect(seen).toEqual(['connecting', 'connected', 'lost: socket closed', 'waiting 5000']);
  expect(connection.calls).toEqual(['connect', 'disconnect']);
  await clock.advance(5000);
  expect(seen.slice(4)).toEqual(['connecting', 'connected']);
});

test('the delay doubles while it fails, and starts anew after a stable minute', async () => {
  const connection = new ScriptedConnection();
  connection.connectError = new RetryableError('refused');
  const { clock, seen } = supervised(connection);
  await settle();
  await clock.advance(5000);
  await clock.advance(10_000);
  connection.connectError = undefined;
  await clock.advance(20_000);
  await clock.advance(61_000);
  connection.lose(new RetryableError('gone'));
  await settle();
  expect(clock.asked).toEqual([5000, 10_000, 20_000, 5000]);
  expect(seen.at(-1)).toBe('waiting 5000');
});

test('a connection that does not hold a minute keeps the delay growing', async () => {
  const connection = new ScriptedConnection();
  const { clock } = supervised(connection);
  for (const ms of [5000, 10_000, 20_000]) {
    await settle();
    connection.lose(new RetryableError('gone'));
    await settle();
    await clock.advance(ms);
  }
  expect(clock.asked).toEqual([5000, 10_000, 20_000]);
});

test('a wait that Telegram asked for wins over a shorter one of our own', async () => {
  const connection = new ScriptedConnection();
  connection.connectError = new RetryableError('flood', 77_000);
  const { clock } = supervised(connection);
  await settle();
  expect(clock.asked).toEqual([77_000]);
});

test('an account that Telegram refuses is not tried again', async () => {
  const connection = new ScriptedConnection();
  connection.connectError = new AccountStoppedError('SESSION_REVOKED', 'revoked');
  const { run } = supervised(connection);
  await expect(run).rejects.toBeInstanceOf(AccountStoppedError);
  expect(connection.calls).toEqual(['connect', 'disconnect']);
});

test.each(['while connected', 'while waiting'])('stopped %s, it ends the connection and rejects with the reason', async (when) => {
  const connection = new ScriptedConnection();
  const { stop, run } = supervised(connection);
  await settle();
  if (when === 'while waiting') connection.lose(new RetryableError('gone'));
  await settle();
  stop.abort(new Error('stop'));
  await expect(run).rejects.toThrow('stop');
  expect(connection.calls.at(-1)).toBe('disconnect');
});
