import type { Redis } from 'ioredis';
import type { KeptTranscript } from '../voice/voice-dependencies.js';
import { redisKeys } from './redis-keys.js';

export type Outcome = 'text' | 'no-speech' | 'failed';

export class Transcripts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async save(jobId: string, transcript: KeptTranscript): Promise<void> {
    await this.#redis.set(redisKeys.transcript(jobId), JSON.stringify(transcript));
  }

  async read(jobId: string): Promise<KeptTranscript | undefined> {
    const stored = await this.#redis.get(redisKeys.transcript(jobId));
    return stored === null ? undefined : (JSON.parse(stored) as KeptTranscript);
  }

  async countOutcome(account: string, outcome: Outcome): Promise<void> {
    await this.#redis.hincrby(redisKeys.outcomes(account), outcome, 1);
  }

  async outcomes(account: string): Promise<Record<Outcome, number>> {
    const stored = await this.#redis.hgetall(redisKeys.outcomes(account));
    const count = (outcome: Outcome): number => Number(stored[outcome] ?? 0);
    return { text: count('text'), 'no-speech': count('no-speech'), failed: count('failed') };
  }
}
