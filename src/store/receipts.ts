import type { Redis } from 'ioredis';
import type { AnswerPlace } from '../voice/delivery.js';
import type { VoiceOutcome } from '../voice/voice-dependencies.js';
import { redisKeys } from './redis-keys.js';
import { storedCount } from './stored-json.js';

/**
 * What was sent for a job: part number (from 1) → message id. Part 1 may still show progress; `done` says that the text
 * stands as it should. Kept for good: it is what makes a message that is seen again next year not be answered twice.
 */
export interface Receipt {
  parts: ReadonlyMap<number, number>;
  done: boolean;
  /** How it ended, once it is done. */
  outcome?: VoiceOutcome;
}

export class Receipts {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The parts are those of one place. */
  async read(jobId: string, place: AnswerPlace = 'chat'): Promise<Receipt> {
    const { done, outcome, ...parts } = await this.#redis.hgetall(redisKeys.receipt(jobId));
    return {
      parts: new Map(
        Object.entries(parts)
          .filter(([field]) => field.startsWith(prefixOf(place)))
          .map(([field, messageId]) => [storedCount(field.slice(prefixOf(place).length)), storedCount(messageId)] as const)
          .filter(([part, messageId]) => part > 0 && messageId > 0),
      ),
      done: done !== undefined,
      ...(outcome === undefined ? {} : { outcome: outcome as VoiceOutcome }),
    };
  }

  async recordPart(jobId: string, part: number, messageId: number, place: AnswerPlace = 'chat'): Promise<void> {
    await this.#redis.hset(redisKeys.receipt(jobId), `${prefixOf(place)}${part}`, String(messageId));
  }

  async markDone(jobId: string, atMs: number, outcome: VoiceOutcome): Promise<void> {
    await this.#redis.hset(redisKeys.receipt(jobId), { done: String(atMs), outcome });
  }

  /** The job is to run once more; what was sent for it stays known, and is edited. */
  async reopen(jobId: string): Promise<void> {
    await this.#redis.hdel(redisKeys.receipt(jobId), 'done', 'outcome');
  }
}

function prefixOf(place: AnswerPlace): string {
  return place === 'chat' ? '' : `${place}:`;
}
