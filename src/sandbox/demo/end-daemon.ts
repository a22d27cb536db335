import { join } from 'node:path';
import type { Logger } from '../../log/logger.js';
import { RedisServer } from '../../store/redis-server.js';

const REDIS_DEADLINE_MS = 5000;

/** Ends the daemon that works in the folder, with whatever it left behind where it did not end in order. */
export async function endDaemon(
  daemon: { stop(): Promise<unknown>; readonly hasCrashed: boolean },
  { folder, log }: { folder: string; log: Logger },
): Promise<void> {
  await daemon.stop();
  if (!daemon.hasCrashed) return;
  // Its Redis lives on for the next daemon on this folder, which would end it; there will be none, so this does.
  const redis = new RedisServer({ dir: join(folder, 'data', 'redis'), log });
  try {
    await redis.start(AbortSignal.timeout(REDIS_DEADLINE_MS));
  } finally {
    await redis.stop();
  }
}
