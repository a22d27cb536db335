import { DelayedError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import { redisKeys } from '../store/redis-keys.js';
import { peerKey } from '../telegram/peer.js';
import { voiceJobId, type VoiceJob } from '../voice/voice-job.js';
import { retryDecision } from './retry-policy.js';
import { VOICE_QUEUE } from './voice-queue.js';

export interface VoiceWorkerDependencies {
  redis: Redis;
  concurrency: number;
  /** Does the job, or rejects. Must stop soon after the signal aborts. May be run again for a job it has done. */
  run: (job: VoiceJob, log: Logger, signal: AbortSignal) => Promise<void>;
  log: Logger;
}

/**
 * A lock lives 15 s and is renewed while the process lives, so the jobs of a process that was killed are taken up again
 * within some 20 s, here or on another machine.
 */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;
/** A job that takes the whole process down with it must not do so for ever. */
const MAX_CRASHES = 5;

/** Runs voice jobs; what a failed try leads to is `retry-policy.ts`. */
export class VoiceWorker {
  readonly #deps: VoiceWorkerDependencies;
  readonly #stopping = sharedAbort();
  readonly #runs = new Map<string, Promise<void>>();
  #worker: Worker<VoiceJob> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(deps: VoiceWorkerDependencies) {
    this.#deps = deps;
  }

  start(): void {
    const { redis, concurrency, log } = this.#deps;
    this.#worker = new Worker<VoiceJob>(VOICE_QUEUE, (job, token) => this.#process(job, token ?? ''), {
      connection: redis,
      prefix: redisKeys.queuePrefix,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      // Crashes are counted by us, so that a job which crashes the process still gets its answer.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    this.#worker.on('error', (error) => log.debug({ err: error }, `queue: ${errorText(error)}`));
  }

  /** Takes no more jobs, parks those in hand (they run again at the next start), resolves when that is written. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const closed = this.#worker?.close();
    this.#stopping.abort(new Error('the daemon is stopping'));
    await closed;
  }

  async #process(job: Job<VoiceJob>, token: string): Promise<void> {
    const log = this.#deps.log.child({ chat: peerKey(job.data.chat), job: voiceJobId(job.data) });
    const { signal } = this.#stopping;
    const crashes = job.attemptsStarted - 1 - (job.data.startsSeen ?? 0);
    try {
      signal.throwIfAborted();
      const data: VoiceJob = crashes >= MAX_CRASHES ? { ...job.data, failure: 'internal' } : job.data;
      await this.#oneRun(voiceJobId(data), () => this.#deps.run(data, log, signal));
    } catch (error) {
      if (signal.aborted) {
        await job.updateData({ ...job.data, startsSeen: job.attemptsStarted });
        await job.moveToWait(token);
        log.info('parked: it runs again at the next start');
        throw new WaitingError();
      }
      await this.#afterFailure(job, token, error, log);
    }
  }

  /** A job whose lock ran out (Redis was away) is started again while its first run goes on: both wait for that run. */
  #oneRun(id: string, run: () => Promise<void>): Promise<void> {
    const running = this.#runs.get(id) ?? run().finally(() => this.#runs.delete(id));
    this.#runs.set(id, running);
    return running;
  }

  async #afterFailure(job: Job<VoiceJob>, token: string, error: unknown, log: Logger): Promise<void> {
    const decision = retryDecision(job.data.failedAttempts, error);
    if (decision.action === 'give-up' && job.data.failure !== undefined) {
      // Even telling that it failed cannot be done: the job ends, with the reason on record.
      log.error({ err: error }, `given up: ${errorText(error)}`);
      throw error;
    }
    const data: VoiceJob =
      decision.action === 'give-up'
        ? { ...job.data, failure: decision.reason, failedAttempts: 0 }
        : { ...job.data, failedAttempts: job.data.failedAttempts + (decision.countsAsFailure ? 1 : 0) };
    const delayMs = decision.action === 'give-up' ? 0 : decision.delayMs;
    if (decision.action === 'give-up') log.warn({ err: error }, `cannot be done (${decision.reason}): ${errorText(error)}`);
    else log.warn({ err: error, delayMs }, `try failed, again in ${Math.round(delayMs / 1000)} s: ${errorText(error)}`);
    await job.updateData({ ...data, startsSeen: job.attemptsStarted });
    await job.moveToDelayed(Date.now() + delayMs, token);
    throw new DelayedError();
  }
}
