import { expect, onTestFinished, test } from 'vitest';
import type { HeldJob } from '../../src/queue/next-turns.js';
import { TurnGiver } from '../../src/queue/turn-giver.js';
import { silentLog } from '../support/silent-log.js';

const HOUR_MS = 3_600_000;

/** A line of jobs with two clocks that are set by hand. */
function line(held: HeldJob[], { long = [] as string[], taken = [] as string[] } = {}) {
  const given: string[] = [];
  const clocks = { nowMs: 100 * HOUR_MS, monotonicMs: 0 };
  const stop = new AbortController();
  const busyChats = new Set<string>();
  let looks = 0;
  const queue = {
    held: () => Promise.resolve(held.filter(({ jobId }) => !given.includes(jobId))),
    taken: () => {
      looks += 1;
      return Promise.resolve({ waiting: [], active: [...taken, ...given] });
    },
    giveTurn: (jobId: string) => Promise.resolve(void given.push(jobId)),
    onAdded: () => () => undefined,
    longOnes: (jobIds: readonly string[]) => Promise.resolve(new Set(jobIds.filter((id) => long.includes(id)))),
  };
  const giver = new TurnGiver({ queue, slots: 2, busyChats: () => busyChats, log: silentLog(), nowMs: () => clocks.nowMs, monotonicMs: () => clocks.monotonicMs });
  onTestFinished(() => stop.abort());
  /** Resolves when the giver has looked at the line with the clocks as they are. */
  const looked = async (): Promise<void> => {
    const before = looks;
    giver.look();
    await expect.poll(() => looks, { timeout: 5000 }).toBeGreaterThan(before);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { given, busyChats, clocks, giver, looked, start: () => giver.start(stop.signal) };
}

function job(messageId: number, notBeforeMs: number, holdsChat = false): HeldJob {
  return { jobId: `main:u5:${messageId}`, chat: 'main:u5', messageId, notBeforeMs, holdsChat };
}

test('a clock that is set back does not make a retry wait longer', async () => {
  const { given, clocks, giver, looked, start } = line([job(1, 100 * HOUR_MS + 5000)]);
  giver.heldFor('main:u5:1', 5000);
  start();
  clocks.nowMs -= 3 * HOUR_MS;
  await looked();
  expect(given).toEqual([]);
  clocks.monotonicMs += 5000;
  await looked();
  expect(given).toEqual(['main:u5:1']);
});

test('a clock that is set forward does not end a wait that Telegram asked for', async () => {
  const { given, clocks, giver, looked, start } = line([job(1, 100 * HOUR_MS + 60_000, true)]);
  giver.heldFor('main:u5:1', 60_000);
  start();
  clocks.nowMs += 3 * HOUR_MS;
  await looked();
  expect(given).toEqual([]);
});

test('what an earlier process left waiting does not wait for hours either where the clock was set back since', async () => {
  const { given, looked, start } = line([job(1, 103 * HOUR_MS)]);
  start();
  await looked();
  expect(given).toEqual(['main:u5:1']);
});

test('a chat whose job is in work though Redis has lost it gives no turn to another', async () => {
  const { given, busyChats, looked, start } = line([job(2, 0)]);
  busyChats.add('main:u5');
  start();
  await looked();
  expect(given).toEqual([]);
  busyChats.clear();
  await looked();
  expect(given).toEqual(['main:u5:2']);
});

/** The only job of its chat. */
function jobIn(chat: string): HeldJob {
  return { jobId: `main:${chat}:1`, chat: `main:${chat}`, messageId: 1, notBeforeMs: 0, holdsChat: false };
}

test('of two slots one is kept for short voices', async () => {
  const { given, looked, start } = line([jobIn('u1'), jobIn('u2'), jobIn('u3')], { long: ['main:u1:1', 'main:u2:1'] });
  start();
  await looked();
  expect(given).toEqual(['main:u1:1', 'main:u3:1']);
});

test('beside a long voice in work another long one waits, and a short one does not', async () => {
  const { given, looked, start } = line([jobIn('u1'), jobIn('u2')], { long: ['main:u1:1', 'main:u9:1'], taken: ['main:u9:1'] });
  start();
  await looked();
  expect(given).toEqual(['main:u2:1']);
});
