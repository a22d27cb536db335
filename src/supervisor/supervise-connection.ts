import { AccountStoppedError, errorText, OfflineError, RestartNeededError, RetryableError, UnreachableError } from '../errors.js';
import { linkedAbort } from '../linked-abort.js';
import { backoffMs, type BackoffPolicy, doublingMs } from './backoff.js';
import type { Clock } from './clock.js';
import { escalation } from './escalation.js';
import { Reachability } from './reachability.js';
import { untilWoken } from './until-woken.js';

/** One connection that can be made, watched and ended, again and again. */
export interface Connection {
  connect(signal: AbortSignal): Promise<void>;
  /** Never resolves while healthy; rejects with why the connection is lost. */
  untilLost(signal: AbortSignal): Promise<never>;
  disconnect(): Promise<void>;
  /** Resolves where the other side answers at all, by a connection of its own; rejects at a deadline of its own. */
  reach(signal: AbortSignal): Promise<void>;
  /** Gives up everything that the next connection would take over from earlier ones, but for the session. */
  forget(): void;
}

/** What a person should read, as it happens. */
export interface ConnectionEvents {
  connecting(): void;
  connected(): void;
  lost(reason: string): void;
  waiting(delayMs: number): void;
  /** The other side named the wait. */
  waitingAsTold(delayMs: number): void;
  /** The wait ends early: the other side can be reached. */
  reachable(): void;
  /** The machine slept; no wait goes on after that, and no connection is trusted. */
  woken(sleptMs: number): void;
  /** So many connects failed with the other side in reach: the next is made with nothing of the earlier ones. */
  rebuilding(failedConnects: number): void;
}

export interface ReconnectPolicy {
  backoff: BackoffPolicy;
  /** A connection that held this long resets the back-off. */
  stableMs: number;
  /** Connects that fail for so long, with the other side in reach, are left to a new process. */
  leaveAfterMs: number;
}

export interface SuperviseDependencies {
  connection: Connection;
  events: ConnectionEvents;
  policy: ReconnectPolicy;
  /** Monotonic. */
  clock: Clock;
  /** See `WakeDependencies`. */
  uptimeMs: () => number;
  random: () => number;
}

/** A connection that held this long is no sign of a server that drops us at once. */
const QUICK_MS = 10_000;
const FIRST_FLOOR_MS = 500;

/**
 * Keeps a connection alive until the signal aborts: connect, watch, and after a loss wait and connect anew. The wait ends
 * early when the other side can be reached again; a wait that it asked for never does. Rejects with `AccountStoppedError`,
 * which no new connection can heal, with `RestartNeededError`, which a new process may, and with the signal's reason; never for
 * any other cause. The connection is ended in every case.
 */
export async function superviseConnection(deps: SuperviseDependencies, signal: AbortSignal): Promise<never> {
  const loop = new SupervisionLoop(deps);
  for (;;) {
    const loss = await loop.connectOnce(signal);
    await loop.waitAfter(loss, signal);
  }
}

interface Loss {
  error: unknown;
  /** How long the connection held; undefined where it was never made. */
  heldMs?: number;
  /** The other side is, or was while it was dialled, out of reach. */
  isGone: boolean;
}

/** A connect that takes longer makes one ask whether the other side is there at all. */
const PATIENCE_MS = 3000;

class SupervisionLoop {
  readonly #deps: SuperviseDependencies;
  /** Since a connection held or the network was gone: what the back-off goes by. */
  #attempt = 0;
  /** Connections in a row that came to nothing though the other side was in reach: how soon a wait may end early. */
  #quickLosses = 0;
  #cameEarly = false;
  /** Connects that failed with the other side in reach, and since when. */
  #failing: { connects: number; sinceMs: number } | undefined;

  constructor(deps: SuperviseDependencies) {
    this.#deps = deps;
  }

  /** Connects, watches, and resolves with why it is over. */
  async connectOnce(signal: AbortSignal): Promise<Loss> {
    const { connection, events, clock } = this.#deps;
    let connectedAtMs: number | undefined;
    let error: unknown;
    const reachability = this.#reachability(false);
    try {
      events.connecting();
      await this.#connect(reachability, signal);
      connectedAtMs = clock.nowMs();
      events.connected();
      error = await this.#untilLost(signal);
    } catch (thrown) {
      error = thrown;
    } finally {
      await connection.disconnect();
    }
    signal.throwIfAborted();
    if (error instanceof AccountStoppedError) throw error;
    if (connectedAtMs !== undefined) return { error, heldMs: clock.nowMs() - connectedAtMs, isGone: true };
    return { error, isGone: reachability.wasGone || error instanceof UnreachableError };
  }

  async waitAfter(loss: Loss, signal: AbortSignal): Promise<void> {
    const { error, heldMs } = loss;
    const { events, policy, clock, random } = this.#deps;
    this.#attempt = heldMs !== undefined && heldMs >= policy.stableMs ? 1 : this.#attempt + 1;
    events.lost(errorText(error));
    const toldMs = error instanceof RetryableError ? error.retryAfterMs : undefined;
    if (toldMs !== undefined) {
      this.#failing = undefined;
      const waitMs = Math.max(toldMs, backoffMs(policy.backoff, this.#attempt, random));
      events.waitingAsTold(waitMs);
      await clock.sleep(waitMs, signal);
      return;
    }
    await this.#waitForNetwork(loss, signal);
  }

  async #waitForNetwork({ heldMs, isGone }: Loss, signal: AbortSignal): Promise<void> {
    const { events, policy, clock, uptimeMs, random } = this.#deps;
    if (heldMs !== undefined && heldMs >= QUICK_MS) this.#quickLosses = 0;
    else if (heldMs !== undefined || this.#cameEarly) this.#quickLosses += 1;
    const reachability = this.#reachability(isGone);
    const delayMs = backoffMs(policy.backoff, this.#attempt, random);
    events.waiting(delayMs);
    const end = await firstOf(signal, {
      delayed: (until) => clock.sleep(delayMs, until),
      reachable: async (until) => {
        if (this.#quickLosses > 0) await clock.sleep(this.#floorMs(), until);
        await reachability.untilBack(until);
      },
      woken: async (until) => events.woken(await untilWoken({ clock, uptimeMs }, until)),
    });
    this.#cameEarly = end === 'reachable';
    if (this.#cameEarly) events.reachable();
    if (end !== 'delayed') this.#attempt = 0;
    this.#climb(heldMs === undefined && !reachability.wasGone);
  }

  /** Connects, and finds out meanwhile whether there is anybody to connect to. */
  async #connect(reachability: Reachability, signal: AbortSignal): Promise<void> {
    const { connection, clock } = this.#deps;
    await firstOf(signal, {
      connected: (until) => connection.connect(until),
      never: async (until) => {
        await clock.sleep(PATIENCE_MS, until);
        await reachability.untilBack(until);
        await new Promise(() => undefined);
      },
    });
  }

  #reachability(isGone: boolean): Reachability {
    const { connection, clock } = this.#deps;
    return new Reachability({ reach: (signal) => connection.reach(signal), clock }, isGone);
  }

  /** A server that is there and drops us at once must not be dialled in a tight loop. */
  #floorMs(): number {
    const { firstMs } = this.#deps.policy.backoff;
    return doublingMs({ firstMs: Math.min(FIRST_FLOOR_MS, firstMs), maxMs: firstMs }, this.#quickLosses);
  }

  #climb(failedInReach: boolean): void {
    const { connection, events, policy, clock } = this.#deps;
    if (!failedInReach) {
      this.#failing = undefined;
      return;
    }
    const { connects, sinceMs } = this.#failing ?? { connects: 0, sinceMs: clock.nowMs() };
    this.#failing = { connects: connects + 1, sinceMs };
    const forMs = clock.nowMs() - sinceMs;
    const rung = escalation({ connects: connects + 1, forMs }, policy.leaveAfterMs);
    if (rung === 'leave') throw new RestartNeededError(forMs);
    if (rung === 'rebuild') {
      events.rebuilding(connects + 1);
      connection.forget();
    }
  }

  /** Resolves with why the connection is lost; rejects with the signal's reason. */
  async #untilLost(signal: AbortSignal): Promise<unknown> {
    const { connection, events, clock, uptimeMs } = this.#deps;
    let lostBy: unknown;
    await firstOf(signal, {
      lost: (until) =>
        connection.untilLost(until).catch((error: unknown) => {
          until.throwIfAborted();
          lostBy = error;
        }),
      woken: async (until) => {
        const sleptMs = await untilWoken({ clock, uptimeMs }, until);
        events.woken(sleptMs);
        lostBy = new OfflineError(`this machine or process stood still for ${Math.round(sleptMs / 1000)} s`);
      },
    });
    return lostBy;
  }
}

/** Runs them all and resolves with the name of the first that is done; the others are aborted. */
async function firstOf<K extends string>(
  signal: AbortSignal,
  waits: Readonly<Record<K, (signal: AbortSignal) => Promise<void>>>,
): Promise<K> {
  const scope = new AbortController();
  const { signal: until, unlink } = linkedAbort(signal, scope.signal);
  try {
    const names = Object.keys(waits) as K[];
    return await Promise.race(names.map(async (name) => waits[name](until).then(() => name)));
  } finally {
    scope.abort(new OfflineError('something else came first'));
    unlink();
  }
}
