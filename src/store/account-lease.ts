import type { Redis } from 'ioredis';
import { z } from 'zod';
import { AccountInUseError, errorText, OfflineError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Clock } from '../supervisor/clock.js';
import { isCertainlyGone, type ProcessIdentity } from './process-identity.js';
import { redisKeys } from './redis-keys.js';
import { storedJson } from './stored-json.js';

/** Who works with the account. */
export interface LeaseHolder extends ProcessIdentity {
  version: string;
  sinceMs: number;
}

const holderSchema: z.ZodType<LeaseHolder> = z.object({
  host: z.string(),
  machine: z.string(),
  pid: z.int(),
  start: z.string(),
  version: z.string(),
  sinceMs: z.number(),
});

/** What a person should read, as it happens. */
export interface LeaseEvents {
  /** Somebody elsewhere held it and may be gone: it is waited for. */
  waiting(holder: LeaseHolder, forMs: number): void;
  /** It ran out before Redis confirmed it again. */
  lapsed(unconfirmedMs: number): void;
  back(): void;
}

export interface AccountLeaseOptions {
  redis: Redis;
  account: string;
  self: LeaseHolder;
  events: LeaseEvents;
  /** One that counts the time which the machine sleeps, as Redis does. */
  clock: Clock;
  log: Logger;
  leaseMs?: number;
  renewMs?: number;
}

const LEASE_MS = 20_000;
const RENEW_MS = 5000;
/** How soon a lapse is acted on where nothing is being sent; `isHeld` itself knows at once. */
const HELD_POLL_MS = 250;
/** How often a lease of somebody elsewhere is looked at. */
const POLL_MS = 1000;
const AFTER_ERROR_MS = 1000;

/** KEYS: lease, counter. ARGV: value without the token, life in ms, the value that may be replaced. → [token] or [0, value, ms left] */
const TAKE = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[3] then return {0, held, redis.call('PTTL', KEYS[1])} end
local token = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
return {token}`;

/** KEYS: lease, counter. ARGV: own value, life in ms, own token. → 'kept'; 'free': ran out, another may have had it; 'taken' and whose */
const RENEW = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return {'taken', held} end
if not held and redis.call('GET', KEYS[2]) ~= ARGV[3] then return {'free'} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {'kept'}`;

/** KEYS: lease. ARGV: own value. */
const GIVE_BACK = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/**
 * The right to work with an account, held by one process at a time: two on one session would end it for both. Kept in
 * Redis, renewed while the process lives, and numbered: each holder's token is higher than all before. `isHeld` is known
 * without asking, by the own clock, and is false before anybody else can have it.
 */
export class AccountLease {
  readonly #options: AccountLeaseOptions;
  readonly #stopping = new AbortController();
  readonly #leaseMs: number;
  #own: { token: number; value: string } | undefined;
  #confirmedAtMs = 0;
  #validUntilMs = -Infinity;
  #takenBy: AccountInUseError | undefined;
  #keeping: Promise<unknown> | undefined;

  constructor(options: AccountLeaseOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
  }

  /** Higher than that of every holder before; 0 before the first time. Fences what is written to Redis: `UpdateState`. */
  get token(): number {
    return this.#own?.token ?? 0;
  }

  get isHeld(): boolean {
    return this.#takenBy === undefined && this.#options.clock.nowMs() < this.#validUntilMs;
  }

  /** @throws OfflineError where it is not held: then nothing may be sent. */
  assertHeld(): void {
    if (!this.isHeld) throw this.#takenBy ?? new OfflineError('it is not certain that only this process works with the account');
  }

  /**
   * Takes the lease and keeps it from then on. One of a process that is certainly gone is taken over at once; one of a
   * process elsewhere when it has run out. A Redis that refuses to write (its disk is full) is waited for.
   * @throws AccountInUseError where another process works with the account; the signal's reason
   */
  async start(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    for (let refusals = 0; !this.isHeld; refusals += 1) {
      try {
        await this.#take(signal);
      } catch (error) {
        if (error instanceof AccountInUseError || signal.aborted) throw error;
        if (refusals === 0) log.warn({ err: error }, `Redis does not take the lease of the account, trying again: ${errorText(error)}`);
        await clock.sleep(AFTER_ERROR_MS, signal);
      }
    }
    this.#keeping = Promise.all([this.#keep(), this.#tell()]);
  }

  /** Gives it back, so that the next process need not wait. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the lease is given back'));
    const { redis, account } = this.#options;
    // While Redis is away a renewal waits in the connection, which is closed after this.
    if (this.#own === undefined || redis.status !== 'ready') return;
    await this.#keeping;
    const { value } = this.#own;
    this.#own = undefined;
    this.#validUntilMs = -Infinity;
    await redis.eval(GIVE_BACK, 1, redisKeys.lease(account), value);
  }

  /** Resolves at once while it is held, else when it is held again. @throws AccountInUseError; the signal's reason */
  async untilHeld(signal: AbortSignal): Promise<void> {
    while (!this.isHeld) {
      if (this.#takenBy !== undefined) throw this.#takenBy;
      await this.#options.clock.sleep(HELD_POLL_MS, signal);
    }
  }

  /** Rejects when it is not held any more: `OfflineError` where it ran out, `AccountInUseError` where another has it. */
  async untilLost(signal: AbortSignal): Promise<never> {
    for (;;) {
      this.assertHeld();
      await this.#options.clock.sleep(HELD_POLL_MS, signal);
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    const { clock, events, self } = this.#options;
    let replaceable = this.#own?.value ?? '';
    let seen: { value: string; leftMs: number } | undefined;
    for (;;) {
      const refused = await this.#tryToTake(replaceable);
      if (refused === undefined) return;
      const holder = holderIn(refused.value);
      // What is no lease of ours is nobody's, and would never run out.
      if (holder === undefined || (await isCertainlyGone(holder, self))) {
        replaceable = refused.value;
        continue;
      }
      // What is left of a lease only ever shrinks, unless its holder lives.
      const isAlive = seen !== undefined && (refused.value !== seen.value || refused.leftMs > seen.leftMs);
      if (isAlive || holder.machine === self.machine) throw new AccountInUseError(holder);
      if (seen === undefined) events.waiting(holder, refused.leftMs);
      seen = refused;
      await clock.sleep(Math.min(refused.leftMs, POLL_MS), signal);
    }
  }

  async #tryToTake(replaceable: string): Promise<{ value: string; leftMs: number } | undefined> {
    const { redis, account, self, clock } = this.#options;
    const keys = [redisKeys.lease(account), redisKeys.leaseToken(account)];
    const rest = JSON.stringify(self);
    const askedAtMs = clock.nowMs();
    const [token, value, leftMs] = (await redis.eval(TAKE, 2, ...keys, rest, this.#leaseMs, replaceable)) as [number, string, number];
    if (token === 0) return { value, leftMs };
    this.#own = { token, value: `${token} ${rest}` };
    this.#confirm(askedAtMs);
    return undefined;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    const { clock, log, renewMs = RENEW_MS } = this.#options;
    while (this.#takenBy === undefined) {
      try {
        // An answer that came late leaves less time than usual.
        const leftMs = this.#validUntilMs - clock.nowMs();
        if (leftMs > 0) await clock.sleep(Math.min(renewMs, leftMs / 2), signal);
        await this.#renew(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.debug({ reason: errorText(error) }, 'the lease of the account could not be renewed');
        await untilAbortedOr(clock.sleep(AFTER_ERROR_MS, signal));
      }
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { redis, account, clock } = this.#options;
    const { token, value } = this.#own ?? { token: 0, value: '' };
    const askedAtMs = clock.nowMs();
    const keys = [redisKeys.lease(account), redisKeys.leaseToken(account)];
    const [outcome] = (await redis.eval(RENEW, 2, ...keys, value, this.#leaseMs, token)) as [string, string?];
    if (outcome === 'kept') {
      this.#confirm(askedAtMs);
      return;
    }
    try {
      await this.#take(signal);
    } catch (error) {
      if (!(error instanceof AccountInUseError)) throw error;
      this.#takenBy = error;
    }
  }

  /** By when it was asked for, not answered: the answer may have been under way for long. */
  #confirm(askedAtMs: number): void {
    this.#confirmedAtMs = askedAtMs;
    this.#validUntilMs = askedAtMs + this.#leaseMs;
  }

  async #tell(): Promise<void> {
    const { signal } = this.#stopping;
    const { clock, events } = this.#options;
    for (let wasHeld = true; !signal.aborted; ) {
      const { isHeld } = this;
      if (wasHeld && !isHeld && this.#takenBy === undefined) events.lapsed(clock.nowMs() - this.#confirmedAtMs);
      if (!wasHeld && isHeld) events.back();
      wasHeld = isHeld;
      await untilAbortedOr(clock.sleep(HELD_POLL_MS, signal));
    }
  }
}

function holderIn(value: string): LeaseHolder | undefined {
  return storedJson(holderSchema, value.slice(value.indexOf(' ') + 1));
}

/** For loops that look at the signal themselves. */
async function untilAbortedOr(sleep: Promise<void>): Promise<void> {
  await sleep.catch(() => undefined);
}
