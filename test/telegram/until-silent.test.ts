import { expect, it } from 'vitest';
import { untilSilent } from '../../src/telegram/until-silent.js';
import { FakeClock, settle } from '../support/fake-clock.js';

const PING_MS = 7000;

/** A line that is listened to: bytes come when the test says so, pings are answered or not. */
function line(answersAfterMs?: number) {
  const clock = new FakeClock();
  const stop = new AbortController();
  let heardAtMs = clock.nowMs();
  let pings = 0;
  const ping = async (signal: AbortSignal): Promise<void> => {
    pings += 1;
    if (answersAfterMs === undefined || answersAfterMs > PING_MS) {
      await clock.sleep(PING_MS, signal);
      throw new Error('no pong');
    }
    await clock.sleep(answersAfterMs, signal);
    heardAtMs = clock.nowMs();
  };
  const listening = untilSilent({ clock, heardAtMs: () => heardAtMs, ping, quietMs: 6000 }, stop.signal);
  listening.catch(() => 'looked at by the test');
  let silentMs: number | undefined;
  void listening.then((ms) => (silentMs = ms), () => undefined);
  return {
    clock,
    stop,
    listening,
    hear: () => (heardAtMs = clock.nowMs()),
    pings: () => pings,
    silentMs: () => silentMs,
  };
}

it('a line on which nothing comes in is found dead 13 s after the last byte, at the worst a ping later', async () => {
  const dead = line();
  await settle();
  await dead.clock.pass(12_900, 100);
  expect(dead.silentMs()).toBeUndefined();
  await dead.clock.pass(100, 100);
  expect(dead.silentMs()).toBe(13_000);
});

it('a line on which bytes come in is never pinged', async () => {
  const busy = line();
  for (let seconds = 0; seconds < 120; seconds += 1) {
    await busy.clock.pass(1000);
    busy.hear();
  }
  expect(busy.pings()).toBe(0);
  expect(busy.silentMs()).toBeUndefined();
});

it('pongs of 4 s are slow, not missing', async () => {
  const slow = line(4000);
  await slow.clock.pass(300_000);
  expect(slow.pings()).toBeGreaterThan(20);
  expect(slow.silentMs()).toBeUndefined();
});

it('where the pong does not come, anything else that comes in is life too', async () => {
  const crawling = line();
  for (let seconds = 0; seconds < 300; seconds += 10) {
    await crawling.clock.pass(10_000);
    crawling.hear();
  }
  expect(crawling.pings()).toBeGreaterThan(10);
  expect(crawling.silentMs()).toBeUndefined();
});

it('it can be told to stop listening, while it is quiet and while it waits for a pong', async () => {
  for (const atMs of [1000, 9000]) {
    const any = line();
    await settle();
    await any.clock.pass(atMs);
    any.stop.abort(new Error('stop'));
    await expect(any.listening).rejects.toThrow('stop');
  }
});
