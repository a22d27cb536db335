import { linkedAbort } from '../linked-abort.js';
import type { Connection } from './supervise-connection.js';

/** The right to connect, which can be lost and come back. */
export interface Lease {
  /** Resolves at once while it is held, else when it is held again. */
  untilHeld(signal: AbortSignal): Promise<void>;
  /** Rejects when it is not held any more, with why. */
  untilLost(signal: AbortSignal): Promise<never>;
}

/** A connection that stands only while the lease is held: it is not made before, and is lost with it. */
export function leasedConnection(connection: Connection, lease: Lease): Connection {
  return {
    connect: async (signal) => {
      await lease.untilHeld(signal);
      await connection.connect(signal);
    },
    untilLost: async (signal) => {
      const scope = new AbortController();
      const { signal: until, unlink } = linkedAbort(signal, scope.signal);
      try {
        return await Promise.race([connection.untilLost(until), lease.untilLost(until)]);
      } finally {
        scope.abort(new Error('the connection is over'));
        unlink();
      }
    },
    disconnect: () => connection.disconnect(),
    reach: (signal) => connection.reach(signal),
    forget: () => connection.forget(),
  };
}
