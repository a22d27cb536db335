import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../log/logger.js';
import { redisKeys } from '../store/redis-keys.js';
import { voiceJobId, type VoiceJob } from '../voice/voice-job.js';

export const VOICE_QUEUE = 'voice';
const KEEP_FINISHED_SEC = 7 * 24 * 3600;

/** How many voices stand where. */
export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
}

/** The way in: one durable job a voice. */
export class VoiceQueue {
  readonly #queue: Queue<VoiceJob>;

  constructor(redis: Redis, log: Logger) {
    this.#queue = new Queue(VOICE_QUEUE, {
      connection: redis,
      prefix: redisKeys.queuePrefix,
      // Retries are ours (retry-policy.ts): BullMQ must neither count nor delay.
      defaultJobOptions: { attempts: 1, removeOnComplete: { age: KEEP_FINISHED_SEC }, removeOnFail: false },
    });
    // The connection says itself when Redis is away; without a listener BullMQ prints every retry.
    this.#queue.on('error', (error) => log.debug({ err: error }, 'queue'));
  }

  /** Resolves when the job is in Redis. A job with the same id is left as it is, whatever its state. */
  async add(job: VoiceJob): Promise<void> {
    await this.#queue.add(VOICE_QUEUE, job, { jobId: voiceJobId(job) });
  }

  async counts(): Promise<QueueCounts> {
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = await this.#queue.getJobCounts();
    return { waiting: waiting + prioritized, active, delayed };
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
