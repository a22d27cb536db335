import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { FinishedWindow, RecognitionCheckpoint } from '../speech/recognition-checkpoint.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

/** Longer than any try of a job is away from the next one. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FINGERPRINT = 'fingerprint';

const timed = { startMs: z.number(), endMs: z.number(), text: z.string() };
const windowSchema = z.looseObject({
  segments: z.array(z.looseObject({ ...timed, words: z.array(z.looseObject(timed)) })),
  language: z.string(),
  engineMs: z.number(),
  report: z.looseObject({ startMs: z.number(), endMs: z.number() }),
});

/** What of a job's recording is written down already, so that a try after a crash does not hear it again. */
export class Checkpoints {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  of(jobId: string): RecognitionCheckpoint {
    const key = redisKeys.checkpoint(jobId);
    return {
      read: async (fingerprint) => {
        const stored = await this.#redis.hgetall(key);
        if (stored[FINGERPRINT] === fingerprint) return finishedWindows(stored);
        await this.#redis.del(key);
        return [];
      },
      write: async (fingerprint, index, window) => {
        const fields = { [FINGERPRINT]: fingerprint, [index]: JSON.stringify(window) };
        await this.#redis.multi().hset(key, fields).pexpire(key, KEPT_MS).exec();
      },
    };
  }

  /** The transcript is on record: nothing of it will be asked for again. */
  async forget(jobId: string): Promise<void> {
    await this.#redis.del(redisKeys.checkpoint(jobId));
  }
}

/** From the first one on, up to where one is missing or cannot be read. */
function finishedWindows(stored: Readonly<Record<string, string>>): FinishedWindow[] {
  const windows: FinishedWindow[] = [];
  for (;;) {
    const window = storedJson(windowSchema, stored[windows.length]);
    if (window === undefined) return windows;
    windows.push(window as unknown as FinishedWindow);
  }
}
