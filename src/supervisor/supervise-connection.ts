import { AccountStoppedError, errorText, RetryableError } from '../errors.js';
import { backoffMs, type BackoffPolicy } from './backoff.js';
import type { Clock } from './clock.js';

/** One connection that can be made, watched and ended, again and again. */
export interface Connection {
  connect(signal: AbortSignal): Promise<void>;
  /** Never resolves while healthy; rejects with why the connection is lost. */
  untilLost(signal: AbortSignal): Promise<never>;
  disconnect(): Promise<void>;
}

/** What a person should read, as it happens. */
export interface ConnectionEvents {
  connecting(): void;
  connected(): void;
  lost(reason: string): void;
  waiting(delayMs: number): void;
}

export interface SuperviseDependencies {
  connection: Connection;
  events: ConnectionEvents;
  backoff: BackoffPolicy;
  /** A connection that held this long resets the back-off. */
  stableMs: number;
  clock: Clock;
  random: () => number;
}

/**
 * Keeps a connection alive until the signal aborts: connect, watch, and after a loss wait and connect anew. Telegram's
 * own waits win over the back-off. Rejects with `AccountStoppedError`, which no new connection can heal, and with the
 * signal's reason; never for any other cause. The connection is ended in every case.
 */
export async function superviseConnection(deps: SuperviseDependencies, signal: AbortSignal): Promise<never> {
  const { connection, events, backoff, stableMs, clock, random } = deps;
  for (let attempt = 1; ; attempt += 1) {
    let connectedAtMs: number | undefined;
    let lostBy: unknown;
    try {
      events.connecting();
      await connection.connect(signal);
      connectedAtMs = clock.nowMs();
      events.connected();
      await connection.untilLost(signal);
    } catch (error) {
      lostBy = error;
    } finally {
      await connection.disconnect();
    }
    signal.throwIfAborted();
    if (lostBy instanceof AccountStoppedError) throw lostBy;
    if (connectedAtMs !== undefined && clock.nowMs() - connectedAtMs >= stableMs) attempt = 1;
    const toldMs = lostBy instanceof RetryableError ? (lostBy.retryAfterMs ?? 0) : 0;
    const delayMs = Math.max(toldMs, backoffMs(backoff, attempt, random));
    events.lost(errorText(lostBy));
    events.waiting(delayMs);
    await clock.sleep(delayMs, signal);
  }
}
