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

  /** `audioMs`: how long the sound was. */
  async countOutcome(account: string, outcome: Outcome, audioMs = 0): Promise<void> {
    const key = redisKeys.outcomes(account);
    await this.#redis.hincrby(key, outcome, 1);
    if (audioMs > 0) await this.#redis.hincrby(key, 'audioMs', Math.round(audioMs));
  }

  /** All sound that was counted with an outcome. */
  async audioMs(account: string): Promise<number> {
    return storedCount(await this.#redis.hget(redisKeys.outcomes(account), 'audioMs'));
  }

  async outcomes(account: string): Promise<Record<Outcome, number>> {
    const stored = await this.#redis.hgetall(redisKeys.outcomes(account));
    const count = (outcome: Outcome): number => storedCount(stored[outcome]);
    return { text: count('text'), 'no-speech': count('no-speech'), failed: count('failed') };
  }
}
