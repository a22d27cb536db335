import { type Peer, peerKey } from '../telegram/peer.js';
import { type GovernedRequest, isWriting } from './governed-request.js';
import type { Pace } from './pace.js';
import { TokenBucket } from './token-bucket.js';
import type { Urgency } from './urgency.js';

export interface PaceKeeperOptions {
  /** Undefined: no budgets. */
  pace: Pace | undefined;
  random: () => number;
  nowMs: number;
}

/** Beyond so many chats those whose budgets are full are forgotten: a new budget is full too. */
const MANY_CHATS = 500;

/** How much is left in a budget for those who go before: one for a command; for answers, what a few voices need. */
const RESERVE: Readonly<Record<Urgency, number>> = { command: 0, answer: 1, progress: 3 };

/** The budgets of one account: of all its requests, and of what it writes in each chat. Times are the caller's. */
export class PaceKeeper {
  readonly #pace: Pace | undefined;
  readonly #random: () => number;
  readonly #account: Record<'writing' | 'typing' | 'lookups', TokenBucket> | undefined;
  readonly #chats = new Map<string, TokenBucket>();

  constructor({ pace, random, nowMs }: PaceKeeperOptions) {
    this.#pace = pace;
    this.#random = random;
    this.#account = pace && {
      writing: new TokenBucket(pace.account, nowMs),
      typing: new TokenBucket(pace.typing, nowMs),
      lookups: new TokenBucket(pace.lookups, nowMs),
    };
  }

  /** How long until the budgets allow this request. What is less urgent leaves some of them to what is more. */
  waitMs(request: GovernedRequest, nowMs: number): number {
    const reserve = isWriting(request) ? RESERVE[request.urgency] : 0;
    return Math.max(0, ...this.#bucketsOf(request, nowMs).map((bucket) => bucket.waitMs(nowMs, reserve)));
  }

  take(request: GovernedRequest, nowMs: number): void {
    const cost = 1 + (this.#pace?.jitter ?? 0) * this.#random();
    for (const bucket of this.#bucketsOf(request, nowMs)) bucket.take(nowMs, cost);
  }

  /** After a flood wait there is no burst: everything starts one by one. */
  emptyUntil(untilMs: number): void {
    this.#account?.writing.emptyUntil(untilMs);
  }

  #bucketsOf(request: GovernedRequest, nowMs: number): TokenBucket[] {
    if (this.#pace === undefined || this.#account === undefined) return [];
    if (request.method === 'typing') return [this.#account.typing];
    if (request.method === 'read' || request.method === 'find') return [this.#account.lookups];
    if (!isWriting(request)) return [];
    return request.chat === undefined
      ? [this.#account.writing]
      : [this.#account.writing, this.#chatBucket(request.chat, this.#pace, nowMs)];
  }

  #chatBucket(chat: Peer, pace: Pace, nowMs: number): TokenBucket {
    const key = peerKey(chat);
    const known = this.#chats.get(key);
    if (known !== undefined) return known;
    if (this.#chats.size >= MANY_CHATS) {
      for (const [other, bucket] of this.#chats) if (bucket.isFull(nowMs)) this.#chats.delete(other);
    }
    const bucket = new TokenBucket(chat.kind === 'user' ? pace.privateChat : pace.group, nowMs);
    this.#chats.set(key, bucket);
    return bucket;
  }
}
