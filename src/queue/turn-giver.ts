import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { placeOfJob } from '../voice/voice-job.js';
import { nextTurns, type HeldJob } from './next-turns.js';
import type { VoiceQueue } from './voice-queue.js';

export interface TurnGiverDependencies {
  queue: Pick<VoiceQueue, 'held' | 'taken' | 'giveTurn' | 'onAdded' | 'longOnes'>;
  /** How many jobs may be in work at once. Where there are several, one of them is kept for short voices. */
  slots: number;
  /** Chats in which this process has a job in work, also one that Redis has lost. */
  busyChats: () => Iterable<string>;
  log: Logger;
  /** Monotonic, ms. */
  monotonicMs?: () => number;
  nowMs?: () => number;
}

/** What another process puts into the line (`npm run jobs -- retry`) is found within this time. */
const LOOK_EVERY_MS = 2000;
/** Of so many jobs whose turn it is it is asked whether they are long. */
const MOST_ASKED = 100;
/** Chats whose last turn is remembered. */
const MAX_SERVED = 10_000;

/** Gives the jobs that wait in the line their turns (`next-turns.ts` says whose it is), so many at a time as may be in work. */
export class TurnGiver {
  readonly #deps: TurnGiverDependencies;
  /** The chats that had a turn, the one that waits longest since then first. */
  readonly #served = new Set<string>();
  /** Monotonic times of what was put back by this process: a wall clock that is set must not change what was to be waited. */
  readonly #dueMs = new Map<string, number>();
  #wake: () => void = () => undefined;
  #looking = false;

  constructor(deps: TurnGiverDependencies) {
    this.#deps = deps;
  }

  /** Until the signal aborts. While Redis is away the look waits for it. */
  start(signal: AbortSignal): void {
    const endListening = this.#deps.queue.onAdded(() => this.look());
    signal.addEventListener('abort', () => {
      endListening();
      this.#wake();
    });
    void this.#keepLooking(signal);
  }

  /** Something has changed. */
  look(): void {
    this.#looking = true;
    this.#wake();
  }

  /** This job is to wait so long from now on. */
  heldFor(jobId: string, delayMs: number): void {
    this.#dueMs.set(jobId, this.#monotonicMs() + delayMs);
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#looking = false;
      const nextMs = await this.#giveTurns(signal).catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, `the queue could not be looked at: ${errorText(error)}`);
        return LOOK_EVERY_MS;
      });
      await this.#rest(nextMs, signal);
    }
  }

  /** Resolves with the time until there may be something to do, ms. */
  async #giveTurns(signal: AbortSignal): Promise<number> {
    const { queue, slots, busyChats: ownBusyChats, nowMs = Date.now } = this.#deps;
    const { waiting, active } = await queue.taken();
    const freeSlots = slots - waiting.length - active.length;
    if (freeSlots <= 0) return LOOK_EVERY_MS;
    const held = this.#withOwnTimes(await queue.held(), nowMs());
    const busyChats = new Set([...[...waiting, ...active].map((jobId) => placeOfJob(jobId).chat), ...ownBusyChats()]);
    const inOrder = nextTurns(held, { nowMs: nowMs(), freeSlots: MOST_ASKED, busyChats, served: [...this.#served] });
    for (const { jobId, chat } of await this.#admitted(inOrder, [...waiting, ...active], freeSlots)) {
      if (signal.aborted) return 0;
      await queue.giveTurn(jobId);
      this.#dueMs.delete(jobId);
      this.#remember(chat);
    }
    const nextDueMs = held.map(({ notBeforeMs }) => notBeforeMs - nowMs()).filter((ms) => ms > 0);
    return Math.min(LOOK_EVERY_MS, ...nextDueMs);
  }

  /** As many as there are slots free, but long ones only into all slots but one: a short voice must not wait for an hour of sound. */
  async #admitted(inOrder: readonly HeldJob[], taken: readonly string[], freeSlots: number): Promise<HeldJob[]> {
    const { queue, slots } = this.#deps;
    if (slots === 1 || inOrder.length === 0) return inOrder.slice(0, freeSlots);
    const long = await queue.longOnes([...inOrder.map(({ jobId }) => jobId), ...taken]);
    let longSlots = slots - 1 - taken.filter((jobId) => long.has(jobId)).length;
    const fits = ({ jobId }: HeldJob): boolean => !long.has(jobId) || longSlots-- > 0;
    return inOrder.filter(fits).slice(0, freeSlots);
  }

  #withOwnTimes(held: readonly HeldJob[], nowMs: number): HeldJob[] {
    return held.map((job) => {
      const dueMs = this.#dueMs.get(job.jobId);
      return dueMs === undefined ? job : { ...job, notBeforeMs: nowMs + dueMs - this.#monotonicMs() };
    });
  }

  #remember(chat: string): void {
    this.#served.delete(chat);
    this.#served.add(chat);
    const [longestAgo] = this.#served;
    if (this.#served.size > MAX_SERVED && longestAgo !== undefined) this.#served.delete(longestAgo);
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    if (!signal.aborted && !this.#looking) await Promise.race([woken, sleep(ms, undefined, { signal: over.signal })]);
    over.abort();
  }

  #monotonicMs(): number {
    return (this.#deps.monotonicMs ?? (() => performance.now()))();
  }
}
