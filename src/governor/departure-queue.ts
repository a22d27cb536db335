import { NotNowError, RetryableError } from '../errors.js';
import type { Clock } from '../supervisor/clock.js';
import { peerKey } from '../telegram/peer.js';
import { isWriting, mayWait, type GovernedRequest } from './governed-request.js';
import { rankOf } from './urgency.js';

export interface DepartureRules {
  /** How long the request has to wait yet, 0 where it may go. Throws what the request is to be rejected with. */
  waitMs(request: GovernedRequest, nowMs: number): number;
  /** The request goes now: it costs something. */
  departs(request: GovernedRequest, nowMs: number): void;
}

interface Ticket {
  request: GovernedRequest;
  resolve(release: () => void): void;
  reject(error: Error): void;
}

/**
 * One message at a time, so that a wait that the one brings holds the next. After this long without an answer others go
 * on; in the same chat they keep waiting, for the order's sake.
 */
const PATIENCE_MS = 5000;
/** Beyond that the queue of jobs is the better place to wait. */
const MAX_WAITING = 200;
const FULL_RETRY_MS = 30_000;
/** Timers overflow at 2^31 ms; looking again does no harm. */
const LONGEST_SLEEP_MS = 3_600_000;

/**
 * Those who want to send wait here: the most urgent first, then as they came. One who is held by their own chat does not
 * hold the others.
 */
export class DepartureQueue {
  readonly #clock: Clock;
  readonly #rules: DepartureRules;
  readonly #waiting: Ticket[] = [];
  /** Messages on their way. */
  readonly #underWay = new Set<{ request: GovernedRequest; leftMs: number }>();
  #timer: AbortController | undefined;

  constructor({ clock, rules }: { clock: Clock; rules: DepartureRules }) {
    this.#clock = clock;
    this.#rules = rules;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves when the request may go, with the function to call when it has its answer. Rejects with `NotNowError` where
   * it cannot go at once and is not to wait, with what the rules throw, and with the signal's reason. `again`: it had its
   * turn and has to go once more; it goes before its equals.
   */
  pass(request: GovernedRequest, signal: AbortSignal, { again = false } = {}): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.#waiting.length >= MAX_WAITING) throw new RetryableError('too much waits to be sent', FULL_RETRY_MS);
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(ticket), 1);
        reject(signal.reason as Error);
        this.review();
      };
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      const ticket: Ticket = {
        request,
        resolve: (release) => {
          settled();
          resolve(release);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const rank = rankOf(request.urgency);
      const behind = this.#waiting.findIndex(({ request: { urgency } }) => rankOf(urgency) > rank || (again && rankOf(urgency) === rank));
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, ticket);
      this.review();
    });
  }

  /** Lets go whoever may; to be called when something has changed that the rules look at. */
  review(): void {
    const nowMs = this.#clock.nowMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const ticket of [...this.#waiting]) {
      try {
        const waitMs = this.#waitMs(ticket.request, nowMs);
        if (waitMs > 0) nextMs = Math.min(nextMs, waitMs);
        else this.#depart(ticket, nowMs);
      } catch (error) {
        this.#remove(ticket);
        ticket.reject(error as Error);
      }
    }
    this.#reviewAfter(nextMs);
  }

  #waitMs(request: GovernedRequest, nowMs: number): number {
    const waitMs = Math.max(this.#rules.waitMs(request, nowMs), this.#turnMs(request, nowMs));
    if (waitMs > 0 && !mayWait(request)) throw new NotNowError('it cannot go at once');
    return waitMs;
  }

  /** How long those before it on their way still hold it. */
  #turnMs(request: GovernedRequest, nowMs: number): number {
    if (!isWriting(request)) return 0;
    let waitMs = 0;
    for (const { request: other, leftMs } of this.#underWay) {
      if (sameChat(request, other)) return Number.POSITIVE_INFINITY;
      waitMs = Math.max(waitMs, leftMs + PATIENCE_MS - nowMs);
    }
    return waitMs;
  }

  #depart(ticket: Ticket, nowMs: number): void {
    const { request } = ticket;
    this.#remove(ticket);
    this.#rules.departs(request, nowMs);
    const onItsWay = { request, leftMs: nowMs };
    if (isWriting(request)) this.#underWay.add(onItsWay);
    ticket.resolve(() => {
      this.#underWay.delete(onItsWay);
      this.review();
    });
  }

  #remove(ticket: Ticket): void {
    this.#waiting.splice(this.#waiting.indexOf(ticket), 1);
  }

  #reviewAfter(waitMs: number): void {
    this.#timer?.abort();
    this.#timer = undefined;
    if (waitMs === Number.POSITIVE_INFINITY) return;
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS), timer.signal).then(
      // Where the process was held up, what Telegram has answered meanwhile is read first.
      () => setImmediate(() => this.review()),
      // Aborted: a later review has set a timer of its own.
      () => undefined,
    );
  }
}

function sameChat({ chat: one }: GovernedRequest, { chat: other }: GovernedRequest): boolean {
  return one !== undefined && other !== undefined && peerKey(one) === peerKey(other);
}
