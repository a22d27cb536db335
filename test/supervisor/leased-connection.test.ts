import { expect, it } from 'vitest';
import { OfflineError } from '../../src/errors.js';
import { leasedConnection } from '../../src/supervisor/leased-connection.js';
import { settle } from '../support/fake-clock.js';

const never = new AbortController().signal;

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

function scene() {
  const calls: string[] = [];
  let give: () => void = () => undefined;
  let takeAway: (error: Error) => void = () => undefined;
  let watching: AbortSignal | undefined;
  const connection = leasedConnection(
    {
      connect: () => Promise.resolve(void calls.push('connect')),
      untilLost: (signal) => {
        watching = signal;
        return untilAborted(signal);
      },
      disconnect: () => Promise.resolve(void calls.push('disconnect')),
      reach: () => Promise.resolve(void calls.push('reach')),
      forget: () => void calls.push('forget'),
    },
    {
      untilHeld: () => new Promise((resolve) => (give = resolve)),
      untilLost: (signal) => new Promise((_, reject) => {
        takeAway = reject;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    },
  );
  return { connection, calls, give: () => give(), takeAway: (error: Error) => takeAway(error), watching: () => watching };
}

it('nothing is dialled before the lease is held', async () => {
  const { connection, calls, give } = scene();
  const connecting = connection.connect(never);
  await settle();
  expect(calls).toEqual([]);
  give();
  await connecting;
  expect(calls).toEqual(['connect']);
});

it('with the lease the connection is lost, and nobody goes on watching it', async () => {
  const { connection, takeAway, watching } = scene();
  const lost = connection.untilLost(never);
  const gone = new OfflineError('the lease is gone');
  takeAway(gone);
  await expect(lost).rejects.toBe(gone);
  expect(watching()?.aborted).toBe(true);
});

it('a stop ends the watching with its reason', async () => {
  const { connection } = scene();
  const stop = new AbortController();
  const lost = connection.untilLost(stop.signal);
  stop.abort(new Error('stop'));
  await expect(lost).rejects.toThrow('stop');
});
