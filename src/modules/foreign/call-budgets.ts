import type { Budget } from '../../governor/pace.js';
import { TokenBucket } from '../../governor/token-bucket.js';
import type { Capability } from '../contract/capabilities.js';

const MINUTE_MS = 60_000;

/** Calls of the core, whatever they ask for. */
const CALLS: Budget = { burst: 200, everyMs: 20 };
/** So many over that within minutes, and it is no accident; now and then one in a year of running is. */
const CALLS_OVER: Budget = { burst: 500, everyMs: 1200 };

/**
 * What one module may ask for, so that the rest is left to the account: Telegram is asked for about one thing a second, and a voice
 * is written down in the line of all the others. What is sent has a budget with the host (`SEND_BUDGET`), the store costs nobody's turn.
 */
export const CAPABILITY_BUDGETS: Readonly<Partial<Record<Capability, Budget>>> = {
  history: { burst: 20, everyMs: 3000 },
  download: { burst: 10, everyMs: 10_000 },
  transcribe: { burst: 10, everyMs: 30_000 },
  network: { burst: 30, everyMs: 2000 },
};
/** A module that is refused so often within ten minutes does not heed it. */
export const REFUSALS = { most: 50, withinMs: 10 * MINUTE_MS };

/** `flood`: it is to be stopped. `waitMs`: the module may be told when to ask again. */
export type Admission = 'yes' | 'no' | 'flood' | { waitMs: number };

/** Counts what one module of somebody else asks for. Arithmetic alone: whoever asks says what time it is. */
export class CallBudgets {
  readonly #calls: TokenBucket;
  readonly #each: ReadonlyMap<Capability, TokenBucket>;
  readonly #over: TokenBucket;
  #refusedMs: number[] = [];

  constructor(nowMs: number) {
    this.#calls = new TokenBucket(CALLS, nowMs);
    this.#over = new TokenBucket(CALLS_OVER, nowMs);
    this.#each = new Map(Object.entries(CAPABILITY_BUDGETS).map(([capability, budget]) => [capability as Capability, new TokenBucket(budget, nowMs)]));
  }

  admit(capability: Capability | undefined, nowMs: number): Admission {
    if (this.#calls.waitMs(nowMs) > 0) return this.#refuseCall(nowMs);
    this.#calls.take(nowMs);
    const budget = capability === undefined ? undefined : this.#each.get(capability);
    const waitMs = budget?.waitMs(nowMs) ?? 0;
    if (waitMs > 0) return this.#refuse(waitMs, nowMs);
    budget?.take(nowMs);
    return 'yes';
  }

  #refuseCall(nowMs: number): Admission {
    if (this.#over.waitMs(nowMs) > 0) return 'flood';
    this.#over.take(nowMs);
    return 'no';
  }

  #refuse(waitMs: number, nowMs: number): Admission {
    this.#refusedMs = [...this.#refusedMs.filter((atMs) => nowMs - atMs < REFUSALS.withinMs), nowMs];
    return this.#refusedMs.length > REFUSALS.most ? 'flood' : { waitMs };
  }
}
