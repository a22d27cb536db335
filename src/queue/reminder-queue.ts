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

/** What a job is put back as. */
interface Next {
  kept: Kept;
  untilMs: number;
}

interface Delivery<T> {
  job: Job<Kept>;
  token: string | undefined;
  run: WhenDue<T>;
}

/** What is being delivered: replaced or removed meanwhile, it is not put back as it was. */
interface InHand<T> {
  meanwhile?: { due: T | undefined };
}

/** Reminders of one account as BullMQ's delayed jobs: durable, and taken up again where a process died with one in hand. */
export class ReminderQueue<T extends Due> {
  readonly #queue: Queue<Kept>;
  readonly #options: ReminderQueueOptions<T>;
  readonly #inHand = new Map<string, InHand<T>>();
  #lastAdded: Promise<unknown> = Promise.resolve();

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

  /** Of several at once each `make` sees what the one before left. One with the same id is replaced. */
  async add(make: (all: readonly T[]) => T): Promise<T> {
    const turn = this.#lastAdded.then(async () => {
      const due = make(await this.list());
      await this.#put(due);
      return due;
    });
    this.#lastAdded = turn.catch(() => undefined);
    return turn;
  }

  /** The next one first. */
  async list(): Promise<T[]> {
    const jobs = await this.#queue.getJobs(['delayed', 'waiting', 'active']);
    const all = jobs.flatMap((job) => {
      const meanwhile = this.#inHand.get(job.id ?? '')?.meanwhile;
      return (meanwhile === undefined ? this.#options.shape.safeParse(job.data.due).data : meanwhile.due) ?? [];
    });
    return all.sort((one, other) => one.atMs - other.atMs);
  }

  /** Whether it was there. */
  async remove(id: string): Promise<boolean> {
    if ((await this.#queue.remove(id)) === 1) return true;
    const inHand = this.#inHand.get(id);
    if (inHand === undefined) return false;
    const wasThere = inHand.meanwhile === undefined || inHand.meanwhile.due !== undefined;
    inHand.meanwhile = { due: undefined };
    return wasThere;
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

  async #put(due: T): Promise<void> {
    await this.remove(due.id);
    const inHand = this.#inHand.get(due.id);
    // A job of the same id would not be taken while it is in work.
    if (inHand !== undefined) inHand.meanwhile = { due };
    else await this.#queue.add('reminder', { due, failures: 0 }, { jobId: due.id, delay: Math.max(0, due.atMs - Date.now()) });
  }

  async #process({ job, token, run }: Delivery<T>, signal: AbortSignal): Promise<void> {
    const parsed = this.#options.shape.safeParse(job.data.due);
    if (!parsed.success) {
      this.#options.log.error({ job: job.id }, 'a reminder in Redis that cannot be read was taken out of the line');
      return;
    }
    const next = isAhead(parsed.data) ? { kept: job.data, untilMs: parsed.data.atMs } : await this.#run(job, () => run(parsed.data, signal));
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

  /** What is to come next, and when; undefined where it is over, or was removed while it was delivered. */
  async #run(job: Job<Kept>, run: () => Promise<T | undefined>): Promise<Next | undefined> {
    const inHand: InHand<T> = {};
    this.#inHand.set(job.id ?? '', inHand);
    const next = await run()
      .then(nextOf, (error: unknown) => this.#again(job, error))
      .finally(() => this.#inHand.delete(job.id ?? ''));
    return inHand.meanwhile === undefined ? next : nextOf(inHand.meanwhile.due);
  }

  /** What is tried again, and when; undefined where it is given up. */
  #again({ id, data }: Job<Kept>, error: unknown): Next | undefined {
    const nowMs = Date.now();
    if (error instanceof RetryableError) return { kept: data, untilMs: nowMs + (error.retryAfterMs ?? RETRY_MS) };
    const failures = data.failures + 1;
    this.#options.log.warn({ job: id, failures, err: error }, `a reminder could not be delivered: ${errorText(error)}`);
    return failures < MAX_FAILURES ? { kept: { due: data.due, failures }, untilMs: nowMs + failures * RETRY_MS } : undefined;
  }
}

function nextOf(due: Due | undefined): Next | undefined {
  return due && { kept: { due, failures: 0 }, untilMs: due.atMs };
}

/** Somebody was cut off after it was written down when it comes again, and before it was put back. */
function isAhead({ atMs }: Due): boolean {
  return atMs > Date.now() + AHEAD_MS;
}
