import { Queue, type Job } from 'bullmq';
import { ReplyError, type Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../log/logger.js';
import { redisKeys } from '../store/redis-keys.js';
import { storedJson } from '../store/stored-json.js';
import { isVoiceJob, placeOfJob, voiceJobId, type VoiceJob } from '../voice/voice-job.js';
import { heldUntilMs, holdOfScore } from './held-until.js';
import type { HeldJob } from './next-turns.js';

export const VOICE_QUEUE = 'voice';
/** Longer sound keeps the engine busy for many windows. */
const LONG_SEC = 60;
const KEEP_FINISHED_SEC = 7 * 24 * 3600;

/** How many voices stand where. */
export interface QueueCounts {
  waiting: number;
  active: number;
  delayed: number;
}

/** Where a job stands: `delayed` is to be tried again later. */
export type JobState = 'waiting' | 'active' | 'delayed' | 'done';

/**
 * The way in: one durable job a voice. A job stands in the line (BullMQ's delayed set, see `held-until.ts`) until the
 * worker gives it its turn.
 */
export class VoiceQueue {
  readonly #queue: Queue<VoiceJob>;
  readonly #redis: Redis;
  readonly #log: Logger;
  readonly #listeners = new Set<() => void>();

  constructor(redis: Redis, log: Logger) {
    this.#redis = redis;
    this.#log = log;
    this.#queue = new Queue(VOICE_QUEUE, {
      connection: redis,
      prefix: redisKeys.queuePrefix,
      // Retries are ours (retry-policy.ts): BullMQ must neither count nor delay.
      defaultJobOptions: { attempts: 1, removeOnComplete: { age: KEEP_FINISHED_SEC }, removeOnFail: { age: KEEP_FINISHED_SEC } },
    });
    // The connection says itself when Redis is away; without a listener BullMQ prints every retry.
    this.#queue.on('error', (error) => log.debug({ err: error }, 'queue'));
  }

  /** Resolves when the job is in Redis. A job with the same id is left as it is, whatever its state. */
  async add(job: VoiceJob): Promise<void> {
    const nowMs = Date.now();
    const delay = heldUntilMs({ notBeforeMs: nowMs, holdsChat: false }) - nowMs;
    await this.#queue.add(VOICE_QUEUE, job, { jobId: voiceJobId(job), delay, timestamp: nowMs });
    for (const listener of this.#listeners) listener();
  }

  /** Calls back whenever this process has added a job. @returns the function that ends it. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** All jobs that wait for their turn. */
  async held(): Promise<HeldJob[]> {
    const pairs = await this.#redis.zrange(this.#queue.toKey('delayed'), 0, -1, 'WITHSCORES');
    const nowMs = Date.now();
    const held: HeldJob[] = [];
    for (let index = 0; index < pairs.length; index += 2) {
      const jobId = pairs[index] ?? '';
      held.push({ jobId, ...placeOfJob(jobId), ...holdOfScore(Number(pairs[index + 1]), nowMs) });
    }
    return held;
  }

  /** Ids of the jobs that have their turn: `active` ones are in work, `waiting` ones about to be taken up by the worker. */
  async taken(): Promise<{ waiting: string[]; active: string[] }> {
    const [waiting, active] = await Promise.all([
      this.#redis.lrange(this.#queue.toKey('wait'), 0, -1),
      this.#redis.lrange(this.#queue.toKey('active'), 0, -1),
    ]);
    return { waiting, active };
  }

  /** Those of the jobs that have more than `LONG_SEC` of sound. */
  async longOnes(jobIds: readonly string[]): Promise<Set<string>> {
    const reading = this.#redis.pipeline();
    for (const jobId of jobIds) reading.hget(this.#queue.toKey(jobId), 'data');
    const answers = (await reading.exec()) ?? [];
    return new Set(jobIds.filter((_, index) => isLong(answers[index]?.[1])));
  }

  /** The jobs under these ids, as far as there are such. */
  async jobs(jobIds: readonly string[]): Promise<Map<string, VoiceJob>> {
    const found = await Promise.all(jobIds.map(async (jobId) => [jobId, await this.#queue.getJob(jobId)] as const));
    return new Map(found.flatMap(([jobId, job]) => (job !== undefined && isVoiceJob(job.data) ? [[jobId, job.data] as const] : [])));
  }

  /** The worker takes it up as soon as it has a hand free. */
  async giveTurn(jobId: string): Promise<void> {
    // Between the look and this another process may have removed it (`jobs drop`).
    const job = await this.#readable(jobId);
    if (job !== undefined && (await job.isDelayed())) await job.promote();
  }

  /**
   * Gives the jobs that a killed process had in work their turn back, at once instead of when their locks run out. Only
   * for the one process that works for the account, before its worker starts. Resolves with their number.
   */
  async takeBack(): Promise<number> {
    const { active, waiting } = await this.taken();
    for (const jobId of waiting) await this.#readable(jobId);
    let takenBack = 0;
    for (const jobId of active) {
      const job = await this.#readable(jobId);
      if (job === undefined) continue;
      await job.moveToWait(NO_LOCK);
      takenBack += 1;
    }
    return takenBack;
  }

  /**
   * The job; undefined where Redis has none under this id, or something that cannot be read. Such an id is taken out of the
   * line: it would hold up those behind it for ever.
   */
  async #readable(jobId: string): Promise<Job<VoiceJob> | undefined> {
    const job = await this.#queue.getJob(jobId).catch((error: unknown) => {
      if (error instanceof SyntaxError || isWrongType(error)) return undefined;
      throw error;
    });
    if (job !== undefined && isVoiceJob(job.data) && voiceJobId(job.data) === jobId) return job;
    const removal = this.#redis.multi().zrem(this.#queue.toKey('delayed'), jobId);
    for (const list of ['wait', 'active']) removal.lrem(this.#queue.toKey(list), 0, jobId);
    await removal.exec();
    this.#log.error({ job: jobId }, 'a job in Redis that cannot be read was taken out of the line');
    // Its turn is another one's now, which must not wait for the next look.
    for (const listener of this.#listeners) listener();
    return undefined;
  }

  /**
   * Puts a job that ended into the line once more; where it is still under way it is left as it is.
   * @returns whether it was put there.
   */
  async addAgain(job: VoiceJob): Promise<boolean> {
    const before = await this.#queue.getJob(voiceJobId(job));
    if (before !== undefined) {
      if (!(await hasEnded(before))) return false;
      await before.remove();
    }
    await this.add(job);
    return true;
  }

  /** Takes a job that is not in work out of the line. @returns whether it was there. */
  async remove(jobId: string): Promise<boolean> {
    const job = await this.#queue.getJob(jobId);
    if (job === undefined || !(await job.isDelayed())) return false;
    await job.remove();
    return true;
  }

  /** The job as the queue has it, or undefined where it has none (any more). */
  async find(jobId: string): Promise<{ job: VoiceJob; state: JobState } | undefined> {
    const found = await this.#queue.getJob(jobId);
    if (found === undefined) return undefined;
    if (await hasEnded(found)) return { job: found.data, state: 'done' };
    const place = (await this.unfinished()).find((one) => one.jobId === jobId);
    return { job: found.data, state: place?.state ?? 'active' };
  }

  /** Ids of all jobs that are not done, with their state. */
  async unfinished(): Promise<{ jobId: string; state: JobState }[]> {
    const { waiting, active } = await this.taken();
    const all = (jobIds: readonly string[], state: JobState) => jobIds.map((jobId) => ({ jobId, state }));
    const held = (await this.held()).map((one) => ({ jobId: one.jobId, state: stateOf(one) }));
    return [...all(active, 'active'), ...all(waiting, 'waiting'), ...held];
  }

  async counts(): Promise<QueueCounts> {
    const counts: Record<JobState, number> = { waiting: 0, active: 0, delayed: 0, done: 0 };
    for (const { state } of await this.unfinished()) counts[state] += 1;
    return { waiting: counts.waiting, active: counts.active, delayed: counts.delayed };
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

/** BullMQ's token for moves that no lock stands behind. */
const NO_LOCK = '0';

function isLong(data: unknown): boolean {
  // Redis' own error for a key of another kind is no text: `giveTurn` sees to what cannot be read.
  return typeof data === 'string' && (storedJson(soundLength, data)?.media.durationSec ?? 0) > LONG_SEC;
}

const soundLength = z.object({ media: z.object({ durationSec: z.number() }) });

/** The first word of a Redis error is its code. */
function isWrongType(error: unknown): boolean {
  return error instanceof Error && error instanceof ReplyError && error.message.startsWith('WRONGTYPE');
}

function stateOf({ notBeforeMs }: HeldJob): JobState {
  return notBeforeMs > Date.now() ? 'delayed' : 'waiting';
}

async function hasEnded(job: Job): Promise<boolean> {
  return (await job.isCompleted()) || (await job.isFailed());
}
