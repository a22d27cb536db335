import { expect, it } from 'vitest';
import { OfflineError, RetryableError, UnreachableError } from '../../src/errors.js';
import type { Clock } from '../../src/supervisor/clock.js';
import { superviseConnection, type Connection } from '../../src/supervisor/supervise-connection.js';
import { FakeClock } from '../support/fake-clock.js';

/** A network that is there or not, and how a missing one shows: dials are refused, vanish, or lead to somebody mute. */
class Network implements Connection {
  isThere = true;
  connectedAtMs: number | undefined;
  #lose: (reason: Error) => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly how: 'refused' | 'vanishing' | 'mute',
  ) {}

  goAway(): void {
    this.isThere = false;
    this.connectedAtMs = undefined;
    this.#lose(new OfflineError('gone'));
  }

  async connect(signal: AbortSignal): Promise<void> {
    await this.#dial(10_000, signal);
    await this.#roundTrips(4, 20_000, signal);
    this.connectedAtMs = this.clock.nowMs();
  }

  async reach(signal: AbortSignal): Promise<void> {
    await this.#dial(5000, signal);
    await this.#roundTrips(1, 5000, signal);
  }

  untilLost(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      this.#lose = reject;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  forget(): void {
    // Nothing is kept.
  }

  /** A first packet that vanishes is sent again by TCP after 1, 3 and 7 s. */
  async #dial(deadlineMs: number, signal: AbortSignal): Promise<void> {
    if (this.how === 'mute') return;
    if (this.how === 'refused' && !this.isThere) throw new UnreachableError('refused');
    let atMs = 0;
    for (const sentAtMs of [0, 1000, 3000, 7000]) {
      if (sentAtMs > deadlineMs) break;
      await this.clock.sleep(sentAtMs - atMs, signal);
      atMs = sentAtMs;
      if (this.isThere) return this.clock.sleep(100, signal);
    }
    await this.clock.sleep(deadlineMs - atMs, signal);
    throw new UnreachableError('nothing came back');
  }

  /** What was sent while it was away goes through when it is back, on a connection that stands. */
  async #roundTrips(count: number, deadlineMs: number, signal: AbortSignal): Promise<void> {
    for (let waitedMs = 0; waitedMs < deadlineMs; waitedMs += 250) {
      await this.clock.sleep(this.isThere ? 100 * count : 250, signal);
      if (this.isThere) return;
    }
    throw new RetryableError('no answer');
  }
}

const silent = {
  connecting: () => undefined,
  connected: () => undefined,
  lost: () => undefined,
  waiting: () => undefined,
  waitingAsTold: () => undefined,
  reachable: () => undefined,
  woken: () => undefined,
  rebuilding: () => undefined,
};
const policy = { backoff: { firstMs: 5000, maxMs: 300_000, jitter: 0.2 }, stableMs: 60_000, leaveAfterMs: 1_800_000 };
const STEP_MS = 250;
const FINE_STEP_MS = 50;
const OUTAGES_SEC = [1, 1.5, 2.5, 4, 6, 8.75, 12, 17, 23.5, 31, 44, 58.25, 75, 104, 140.5, 199, 260, 333, 471, 600, 745.25, 900];

it.each(['refused', 'vanishing', 'mute'] as const)(
  'after outages of 1 s to 15 min (%s) the connection stands again in under 2 s at the median, 10 s at the worst',
  async (how) => {
    const recoveriesMs: number[] = [];
    for (const [index, sec] of OUTAGES_SEC.entries()) {
      const clock = new FakeClock();
      const network = new Network(clock, how);
      const stop = new AbortController();
      const random = (): number => (index % 10) / 10;
      const deps = { connection: network, events: silent, policy, clock, uptimeMs: () => clock.nowMs(), random };
      const run = superviseConnection(deps, stop.signal);
      run.catch(() => 'stopped below');
      await clock.pass(20_000, STEP_MS);
      network.goAway();
      await clock.pass(sec * 1000, STEP_MS);
      network.isThere = true;
      const backAtMs = clock.nowMs();
      while (network.connectedAtMs === undefined) await clock.pass(FINE_STEP_MS, FINE_STEP_MS);
      recoveriesMs.push(network.connectedAtMs - backAtMs);
      stop.abort();
    }
    recoveriesMs.sort((one, other) => one - other);
    expect(recoveriesMs[Math.floor(recoveriesMs.length / 2)]).toBeLessThan(2000);
    expect(recoveriesMs.at(-1)).toBeLessThan(10_000);
  },
);
