import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../supervisor/clock.js';

export interface Listening {
  /** Monotonic. */
  clock: Clock;
  /** When bytes last came in, by that clock. */
  heardAtMs: () => number;
  /** Asks for an answer; rejects at its own deadline. */
  ping: (signal: AbortSignal) => Promise<unknown>;
  /** So long nothing may come in before the other side is pinged. */
  quietMs: number;
}

/**
 * Resolves, with how long nothing was heard, when the other side was quiet, was pinged and sent not one byte until the
 * ping's deadline. Anything that comes in is life, so a slow pong on a busy or crawling line does no harm. Rejects with the
 * signal's reason.
 */
export async function untilSilent({ clock, heardAtMs, ping, quietMs }: Listening, signal: AbortSignal): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const quietForMs = clock.nowMs() - heardAtMs();
    if (quietForMs < quietMs) {
      await clock.sleep(quietMs - quietForMs, signal);
      continue;
    }
    const askedAtMs = clock.nowMs();
    const answered = await ping(signal).then(
      () => true,
      // Why it failed does not matter: what matters is whether anything came in meanwhile.
      () => false,
    );
    // Where this process itself was held up, what came in meanwhile is read only now.
    await turn();
    signal.throwIfAborted();
    if (!answered && heardAtMs() < askedAtMs) return clock.nowMs() - heardAtMs();
  }
}
