import { DelayedError, type Job, Queue, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { errorText, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { redisKeys } from '../store/redis-keys.js';

const RETRY_MS = 30_000;
/** After failures that nobody can explain. */
const MAX_FAILURES = 10;
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;
/** So many at the most, whatever has piled up meanwhile: less than a module may send. */
const PACE = { max: 20, duration: 60_000 };
/** What lies further ahead is not due. */
const AHEAD_MS = 1000;

/** Something that falls due; what it is else is the module's. */
export interface Due {
  id: string;
  atMs: number;
}

export interface ReminderQueueOptions<T extends Due> {
  redis: Redis;
  accountId: string;
  /** What is in Redis is read by it. */
  shape: z.ZodType<T>;
  log: Logger;
}

/** What is done when something is due: it as it comes again, undefined where it is over. */
export type WhenDue<T> = (due: T, signal: AbortSignal) => Promise<T | undefined>;

/** A job's data: what is due, and how often that failed for no known reason. */
interface Kept {
  due: unknown;
  failures: number;
}

/** Reminders of one account as BullMQ's delayed jobs: durable, and taken up again where a process died with one in hand. */
export class ReminderQueue<T extends Due> {
  readonly #queue: Queue<Kept>;
  readonly #options: ReminderQueueOptions<T>;

  constructor(options: ReminderQueueOptions<T>) {
    const { redis, accountId, log } = options;
    this.#options = options;
    this.#queue = new Queue(`reminders-${accountId}`, {
      connection: redis,
      prefix: redisKeys.queuePrefix,
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    this.#queue.on('error', (error) => log.debug({ err: error }, 'queue'));
  }

  /** One with the same id is replaced. */
  async add(due: T): Promise<void> {
    await this.remove(due.id);
    await this.#queue.add('reminder', { due, failures: 0 }, { jobId: due.id, delay: Math.max(0, due.atMs - Date.now()) });
  }

  /** The next one first. */
  async list(): Promise<T[]> {
    const jobs = await this.#queue.getJobs(['delayed', 'waiting', 'active']);
    const all = jobs.flatMap((job) => this.#options.shape.safeParse(job.data.due).data ?? []);
    return all.sort((one, other) => one.atMs - other.atMs);
  }

  /** Whether it was there. */
  async remove(id: string): Promise<boolean> {
    return (await this.#queue.remove(id)) === 1;
  }

  /** Calls `run` for each that is due, now and later, until the answer is called; that resolves when nothing of it runs. */
  deliver(run: WhenDue<T>): () => Promise<void> {
    const { redis, log } = this.#options;
    const stopping = new AbortController();
    const worker = new Worker<Kept>(this.#queue.name, (job, token) => this.#process({ job, token, run }, stopping.signal), {
      connection: redis,
      prefix: redisKeys.queuePrefix,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      limiter: PACE,
    });
    worker.on('error', (error) => log.debug({ err: error }, `queue: ${errorText(error)}`));
    return async () => {
      stopping.abort(new RetryableError('the reminders are being stopped', 0));
      await worker.close();
    };
  }

  /** Nothing more is asked of Redis. */
  async close(): Promise<void> {
    await this.#queue.close();
  }

  async #process({ job, token, run }: { job: Job<Kept>; token: string | undefined; run: WhenDue<T> }, signal: AbortSignal): Promise<void> {
    const parsed = this.#options.shape.safeParse(job.data.due);
    if (!parsed.success) {
      this.#options.log.error({ job: job.id }, 'a reminder in Redis that cannot be read was taken out of the line');
      return;
    }
    const next = isAhead(parsed.data)
      ? { kept: job.data, untilMs: parsed.data.atMs }
      : await run(parsed.data, signal).then(
          (due) => due && { kept: { due, failures: 0 }, untilMs: due.atMs },
          (error: unknown) => this.#again(job, error),
        );
    if (next === undefined) return;
    try {
      await job.updateData(next.kept);
      await job.moveToDelayed(next.untilMs, token);
    } catch (error) {
      // Redis does not take it down: the job stays as it is, and is looked at again when its lock has run out.
      this.#options.log.debug({ job: job.id, err: error }, 'what became of a reminder could not be written');
      throw new WaitingError();
    }
    throw new DelayedError();
  }

  /** What is tried again, and when; undefined where it is given up. */
  #again({ id, data }: Job<Kept>, error: unknown): { kept: Kept; untilMs: number } | undefined {
    const nowMs = Date.now();
    if (error instanceof RetryableError) return { kept: data, untilMs: nowMs + (error.retryAfterMs ?? RETRY_MS) };
    const failures = data.failures + 1;
    this.#options.log.warn({ job: id, failures, err: error }, `a reminder could not be delivered: ${errorText(error)}`);
    return failures < MAX_FAILURES ? { kept: { due: data.due, failures }, untilMs: nowMs + failures * RETRY_MS } : undefined;
  }
}

/** Somebody was cut off after it was written down when it comes again, and before it was put back. */
function isAhead({ atMs }: Due): boolean {
  return atMs > Date.now() + AHEAD_MS;
}
