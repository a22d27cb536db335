import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLock } from '../../src/setup/lock.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';

const someLock = async (): Promise<string> => join(await temporaryFolder(), 'locks', 'x.lock');

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

test('two at once work one after the other, and the second is told whom it waits for', async () => {
  const lock = await someLock();
  const events: string[] = [];
  let letGo = (): void => undefined;
  const first = withLock(lock, async () => {
    events.push('first in');
    await new Promise<void>((resolve) => (letGo = resolve));
    events.push('first out');
  });
  const second = withLock(lock, () => Promise.resolve(void events.push('second in')), {
    onWait: ({ pid }) => {
      events.push(`waiting for ${pid}`);
      letGo();
    },
  });
  await Promise.all([first, second]);
  expect(events).toEqual(['first in', `waiting for ${process.pid}`, 'first out', 'second in']);
  expect(existsSync(lock)).toBe(false);
});

test('the lock is given back when the work fails', async () => {
  const lock = await someLock();
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(lock, () => Promise.resolve('yes'))).toBe('yes');
});

test('the lock of a process that was killed is taken over', async () => {
  const lock = await someLock();
  await withLock(lock, () => Promise.resolve());
  await writeFile(lock, JSON.stringify({ pid: await deadPid(), host: os.hostname() }));
  expect(await withLock(lock, () => Promise.resolve('mine'))).toBe('mine');
});

test('a lock of another machine is taken over only when nobody has touched it for minutes', async () => {
  const lock = await someLock();
  await withLock(lock, () => Promise.resolve());
  await writeFile(lock, JSON.stringify({ pid: await deadPid(), host: 'elsewhere' }));
  const waiting = withLock(lock, () => Promise.resolve('mine'), { signal: AbortSignal.timeout(600) });
  await expect(waiting).rejects.toThrow();
  const longAgo = new Date(Date.now() - 10 * 60_000);
  await utimes(lock, longAgo, longAgo);
  expect(await withLock(lock, () => Promise.resolve('mine'))).toBe('mine');
});

test('of many that find a dead lock each gets its turn alone', async () => {
  const lock = await someLock();
  await withLock(lock, () => Promise.resolve());
  await writeFile(lock, JSON.stringify({ pid: await deadPid(), host: os.hostname() }));
  let inside = 0;
  let most = 0;
  const turn = (): Promise<void> =>
    withLock(lock, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    });
  await Promise.all([turn(), turn(), turn(), turn()]);
  expect(most).toBe(1);
});
