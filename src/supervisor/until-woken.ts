import type { Clock } from './clock.js';

export interface WakeDependencies {
  /** Monotonic. It may stand still while the machine sleeps, as Linux' does. */
  clock: Clock;
  /** How long the machine is up, its sleep counted (`os.uptime`). Setting the time of day does not move it. */
  uptimeMs: () => number;
}

const TICK_MS = 5000;
/** Loaded machines are late too, though not by this much. */
const LATE_MS = 10_000;

/**
 * Resolves, with how long it was away, when this process goes on after the machine slept or it was itself held up: whatever
 * connection there was is as good as dead, and nobody has noticed yet. Rejects with the signal's reason.
 */
export async function untilWoken({ clock, uptimeMs }: WakeDependencies, signal: AbortSignal): Promise<number> {
  for (;;) {
    const atMs = clock.nowMs();
    const upAtMs = uptimeMs();
    await clock.sleep(TICK_MS, signal);
    const passedMs = Math.max(clock.nowMs() - atMs, uptimeMs() - upAtMs);
    if (passedMs > TICK_MS + LATE_MS) return passedMs;
  }
}
