import type { Redis } from 'ioredis';
import { z } from 'zod';
import { isVoiceJob, type VoiceJob } from '../voice/voice-job.js';
import { redisKeys } from './redis-keys.js';
import { storedCount, storedJson } from './stored-json.js';

/** A voice that came late and waits for the owner's word. */
export interface SetAside {
  jobId: string;
  job: VoiceJob;
  because: 'ask' | 'too-old';
}

/** The message in Saved Messages that asks the owner. */
export interface Question {
  messageId: number;
  /** What it says. */
  text: string;
}

const setAsideSchema = z.object({ job: z.custom<VoiceJob>(isVoiceJob), because: z.enum(['ask', 'too-old']) });
const questionSchema = z.object({ messageId: z.int(), text: z.string() });

/** What an account has set aside. Kept until the owner decides. */
export class BacklogStore {
  readonly #redis: Redis;
  readonly #account: string;

  constructor(redis: Redis, account: string) {
    this.#redis = redis;
    this.#account = account;
  }

  /** A voice that is there already stays as it is. */
  async add({ jobId, job, because }: SetAside): Promise<void> {
    await this.#redis.hsetnx(redisKeys.backlog(this.#account), jobId, JSON.stringify({ job, because }));
  }

  /** Oldest first. What cannot be read is left out. */
  async list(): Promise<SetAside[]> {
    const stored = await this.#redis.hgetall(redisKeys.backlog(this.#account));
    return Object.entries(stored)
      .flatMap(([jobId, json]) => {
        const found = storedJson(setAsideSchema, json);
        return found === undefined ? [] : [{ jobId, ...found }];
      })
      .sort((one, other) => one.job.sentAtMs - other.job.sentAtMs);
  }

  async remove(jobId: string): Promise<void> {
    await this.#redis.hdel(redisKeys.backlog(this.#account), jobId);
  }

  /** Those that get no answer are counted with the other outcomes. */
  async drop(jobId: string): Promise<void> {
    await this.#redis
      .multi()
      .hdel(redisKeys.backlog(this.#account), jobId)
      .hincrby(redisKeys.outcomes(this.#account), 'skipped', 1)
      .exec();
  }

  /** How many voices got no answer because the owner said so. */
  async dropped(): Promise<number> {
    return storedCount(await this.#redis.hget(redisKeys.outcomes(this.#account), 'skipped'));
  }

  async question(): Promise<Question | undefined> {
    const stored = await this.#redis.get(redisKeys.backlogQuestion(this.#account));
    return storedJson(questionSchema, stored);
  }

  async keepQuestion(question: Question | undefined): Promise<void> {
    const key = redisKeys.backlogQuestion(this.#account);
    if (question === undefined) await this.#redis.del(key);
    else await this.#redis.set(key, JSON.stringify(question));
  }
}
