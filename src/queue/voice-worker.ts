import { DelayedError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { causeText, errorText, type FailureReason } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import { redisKeys } from '../store/redis-keys.js';
import { peerKey } from '../telegram/peer.js';
import { placeOfJob, voiceJobId, type VoiceJob } from '../voice/voice-job.js';
import { heldUntilMs } from './held-until.js';
import { MAX_CRASHES, retryDecision, waitAfterCrashesMs } from './retry-policy.js';
import { TurnGiver } from './turn-giver.js';
import { VOICE_QUEUE, type VoiceQueue } from './voice-queue.js';

export interface VoiceWorkerDependencies {
  redis: Redis;
  queue: VoiceQueue;
  concurrency: number;
  /** Does the job, or rejects. Must stop soon after the signal aborts. May be run again for a job it has done. */
  run: (job: VoiceJob, log: Logger, signal: AbortSignal) => Promise<void>;
  /** Puts a job on record of which nobody could even be told that it failed; after it the job is over. */
  bury: (job: VoiceJob, reason: FailureReason) => Promise<void>;
  /**
   * Since when this process knows all that was answered: its own start, or when Redis came back, which may have lost its
   * last second. What was sent before may have been answered with no receipt left.
   */
  sureSinceMs: () => number;
  /** An error that nobody else has to answer for: it cost a job a try. */
  onIncident: () => void;
  log: Logger;
}

/**
 * A lock lives 15 s and is renewed while the process lives. Jobs of a process that was killed are taken back at the next
 * start; a lock that runs out while the process lives (Redis was away) has its job started again within some 20 s.
 */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;
/** Telegram's clock and ours may differ. */
const CLOCK_MARGIN_MS = 60_000;

/** Runs voice jobs, each when `TurnGiver` gives it its turn; what a failed try leads to is `retry-policy.ts`. */
export class VoiceWorker {
  readonly #deps: VoiceWorkerDependencies;
  readonly #stopping = sharedAbort();
  /** One job a chat: what runs there now. */
  readonly #running = new Map<string, { jobId: string; done: Promise<void> }>();
  readonly #turns: TurnGiver;
  #worker: Worker<VoiceJob> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(deps: VoiceWorkerDependencies) {
    this.#deps = deps;
    this.#turns = new TurnGiver({ queue: deps.queue, slots: deps.concurrency, busyChats: () => this.#running.keys(), log: deps.log });
  }

  /** Only one process may work for an account: what its predecessor had in hand when it was killed is taken back. */
  async start(): Promise<void> {
    const { redis, queue, concurrency, log } = this.#deps;
    const taken = await queue.takeBack();
    if (taken > 0) log.info({ jobs: taken }, 'taken up again: voices that were in work when the daemon was killed');
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
    this.#worker.on('completed', () => this.#turns.look());
    this.#turns.start(this.#stopping.signal);
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
    try {
      signal.throwIfAborted();
      const data = this.#prepared(job);
      const running = this.#running.get(chatOf(data));
      if (running !== undefined && running.jobId !== voiceJobId(data)) return await this.#putBack(job, token);
      const waitMs = running === undefined && data.failure === undefined ? this.#crashWaitMs(job) : 0;
      if (waitMs > 0) return await this.#putBack(job, token, { crashesWaitedFor: crashesOf(job), waitMs });
      await (running?.done ?? this.#oneRun(data, () => this.#deps.run(data, log, signal)));
    } catch (error) {
      if (error instanceof DelayedError) throw error;
      await this.#afterFailure(job, token, error, log).catch((refused: unknown) => {
        if (refused instanceof DelayedError || refused instanceof WaitingError) throw refused;
        // Redis does not take it down (its disk is full): the job stays as it is, and runs again when its lock has run out.
        log.warn({ err: refused }, `what became of a voice could not be written: ${errorText(refused)}`);
        throw new WaitingError();
      });
    } finally {
      this.#turns.look();
    }
  }

  /** The job as this run is to see it: with what its earlier runs, if there were any, mean for it. */
  #prepared(job: Job<VoiceJob>): VoiceJob {
    const { data, attemptsStarted } = job;
    const crashes = crashesOf(job);
    const mayBeAnswered =
      data.mayBeAnswered === true || attemptsStarted > 1 || data.sentAtMs < this.#deps.sureSinceMs() + CLOCK_MARGIN_MS;
    const failed = crashes >= MAX_CRASHES && data.failure === undefined;
    return {
      ...data,
      ...(mayBeAnswered && { mayBeAnswered }),
      ...(failed && { failure: 'internal', failureCause: `it took the daemon down ${crashes} times` }),
    };
  }

  /** A job whose lock ran out (Redis was away) is started again while its first run goes on: both wait for that run. */
  #oneRun(job: VoiceJob, run: () => Promise<void>): Promise<void> {
    const done = run().finally(() => this.#running.delete(chatOf(job)));
    this.#running.set(chatOf(job), { jobId: voiceJobId(job), done });
    return done;
  }

  #crashWaitMs(job: Job<VoiceJob>): number {
    const crashes = crashesOf(job);
    return crashes > (job.data.crashesWaitedFor ?? 0) ? waitAfterCrashesMs(crashes) : 0;
  }

  /** It came without its turn (parked or taken back beside another one of its chat), or is to wait for a quieter moment. */
  async #putBack(job: Job<VoiceJob>, token: string, { waitMs = 0, ...waited }: { waitMs?: number; crashesWaitedFor?: number } = {}): Promise<never> {
    await job.updateData({ ...job.data, ...waited, startsSeen: (job.data.startsSeen ?? 0) + 1 });
    await job.moveToDelayed(heldUntilMs({ notBeforeMs: Date.now() + waitMs, holdsChat: false }), token);
    if (waitMs > 0) this.#turns.heldFor(voiceJobId(job.data), waitMs);
    throw new DelayedError();
  }

  async #afterFailure(job: Job<VoiceJob>, token: string, error: unknown, log: Logger): Promise<void> {
    if (this.#stopping.signal.aborted) {
      await job.updateData({ ...job.data, startsSeen: job.attemptsStarted });
      await job.moveToWait(token);
      log.info('parked: it runs again at the next start');
      throw new WaitingError();
    }
    const decision = retryDecision({ failedAttempts: job.data.failedAttempts, waits: job.data.waits ?? 0 }, error);
    if (decision.action === 'retry' ? decision.countsAs === 'failure' : decision.reason === 'internal') this.#deps.onIncident();
    if (decision.action === 'give-up' && job.data.failure !== undefined) {
      // Even telling that it failed cannot be done: the job ends, with the reason on record.
      log.error({ err: error }, `given up: ${errorText(error)}`);
      await this.#deps.bury(job.data, job.data.failure);
      return;
    }
    if (decision.action === 'give-up') {
      log.warn({ err: error }, `cannot be done (${decision.reason}): ${errorText(error)}`);
      const failure = { failure: decision.reason, failureCause: causeText(error), failedTries: job.attemptsStarted };
      return this.#hold(job, token, { data: { ...job.data, ...failure, failedAttempts: 0, waits: 0 }, delayMs: 0, holdsChat: false });
    }
    const { delayMs, countsAs } = decision;
    const { failedAttempts, waits = 0 } = job.data;
    log.warn({ err: error, delayMs }, `try failed, again in ${Math.round(delayMs / 1000)} s: ${errorText(error)}`);
    const counted = countsAs === 'failure' ? { failedAttempts: failedAttempts + 1 } : { waits: waits + 1 };
    return this.#hold(job, token, { data: { ...job.data, ...counted }, delayMs, holdsChat: countsAs === 'wait' });
  }

  /** Back into the line. Where Telegram said to wait, the younger voices of the chat wait, too. */
  async #hold(job: Job<VoiceJob>, token: string, { data, delayMs, holdsChat }: Held): Promise<never> {
    await job.updateData({ ...data, startsSeen: job.attemptsStarted, crashesWaitedFor: 0 });
    await job.moveToDelayed(heldUntilMs({ notBeforeMs: Date.now() + delayMs, holdsChat }), token);
    this.#turns.heldFor(voiceJobId(data), delayMs);
    throw new DelayedError();
  }
}

interface Held {
  data: VoiceJob;
  delayMs: number;
  holdsChat: boolean;
}

function chatOf(job: VoiceJob): string {
  return placeOfJob(voiceJobId(job)).chat;
}

/** How often in a row the process ended while it had the job in work, without having put it back. */
function crashesOf({ data, attemptsStarted }: Job<VoiceJob>): number {
  return attemptsStarted - 1 - (data.startsSeen ?? 0);
}
