import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { KeptTranscript } from '../voice/voice-dependencies.js';
import { redisKeys } from './redis-keys.js';
import { storedCount, storedJson } from './stored-json.js';

export type Outcome = 'text' | 'no-speech' | 'failed';

/** As much as the answer and the log need; the rest is kept as it is. */
const transcriptSchema = z.looseObject({
  text: z.string(),
  recognition: z.looseObject({ audioMs: z.number(), engineMs: z.number() }),
});

export class Transcripts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async save(jobId: string, transcript: KeptTranscript): Promise<void> {
    await this.#redis.set(redisKeys.transcript(jobId), JSON.stringify(transcript));
  }

  /** One that cannot be read is none: the voice is heard again. */
  async read(jobId: string): Promise<KeptTranscript | undefined> {
    const stored = await this.#redis.get(redisKeys.transcript(jobId));
    return storedJson(transcriptSchema, stored) as KeptTranscript | undefined;
  }

  async countOutcome(account: string, outcome: Outcome): Promise<void> {
    await this.#redis.hincrby(redisKeys.outcomes(account), outcome, 1);
  }

  async outcomes(account: string): Promise<Record<Outcome, number>> {
    const stored = await this.#redis.hgetall(redisKeys.outcomes(account));
    const count = (outcome: Outcome): number => storedCount(stored[outcome]);
    return { text: count('text'), 'no-speech': count('no-speech'), failed: count('failed') };
  }
}
