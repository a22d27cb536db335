import type { Redis } from 'ioredis';
import { z } from 'zod';
import { learned, NOTHING_LEARNED, type HeardLanguage, type SpeakerLanguages } from '../speech/language/speaker-languages.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

const speakerSchema = z.object({
  times: z.record(z.string(), z.number().nonnegative()),
  usualLogProbability: z.number().exactOptional(),
  unasked: z.number(),
});

const EVERYBODY = 'account';

/** What was learned of the languages that people speak, per account: a line for each person whose voices were written down. */
export class Speakers {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Of the person, and of everybody in the account. */
  async read(account: string, personId: string | undefined): Promise<{ speaker: SpeakerLanguages; everybody: SpeakerLanguages }> {
    const [everybody, speaker] = await this.#redis.hmget(redisKeys.speakers(account), EVERYBODY, personId ?? '');
    const known = (json: string | null | undefined): SpeakerLanguages => storedJson(speakerSchema, json) ?? NOTHING_LEARNED;
    return { speaker: known(speaker), everybody: known(everybody) };
  }

  /** One more recording. Two at once may count as one: it is a habit that is learned, not an account that is kept. */
  async learn(account: string, personId: string | undefined, heard: HeardLanguage): Promise<void> {
    const { speaker, everybody } = await this.read(account, personId);
    const lines = {
      [EVERYBODY]: JSON.stringify(learned(everybody, heard)),
      ...(personId !== undefined && { [personId]: JSON.stringify(learned(speaker, heard)) }),
    };
    await this.#redis.hset(redisKeys.speakers(account), lines);
  }
}
