import { ACCOUNT_ID } from './account-id.js';
import { AccountInUseError, AccountStoppedError, errorText } from './errors.js';
import type { Texts } from './i18n/texts.js';
import type { Logger } from './log/logger.js';
import { AccountLease, type AccountLeaseOptions, type LeaseHolder } from './store/account-lease.js';
import { ownIdentity } from './store/process-identity.js';
import { StoppedAccounts } from './store/stopped-accounts.js';
import { accountEndText, minuteOf, type AccountEnd } from './supervisor/account-end.js';
import { bootClock, systemClock } from './supervisor/clock.js';

export interface AccountHoldDependencies {
  redis: AccountLeaseOptions['redis'];
  session: string;
  version: string;
  texts: Texts['lifecycle'];
  log: Logger;
}

/** A Redis that is away must not keep the daemon from ending. */
const NOTE_DEADLINE_MS = 2000;

/** Part of the composition root: whether this process may work with the account, and what is remembered of its end. */
export class AccountHold {
  readonly #deps: AccountHoldDependencies;
  readonly #stopped: StoppedAccounts;

  constructor(deps: AccountHoldDependencies) {
    this.#deps = deps;
    this.#stopped = new StoppedAccounts(deps.redis);
  }

  /** Why this session must not be used, said in the log: Telegram refused it for good. Telegram is not asked. */
  async refusal(): Promise<AccountStoppedError | undefined> {
    const { session, texts, log } = this.#deps;
    const refused = await this.#stopped.find(ACCOUNT_ID, session);
    if (refused === undefined) return undefined;
    log.fatal(texts.accountStaysStopped(refused.code, minuteOf(refused.atMs)));
    return new AccountStoppedError(refused.code, 'Telegram refused this session before');
  }

  /** The right to work with the account, not taken yet. */
  async lease(): Promise<AccountLease> {
    const { redis, version, texts, log } = this.#deps;
    const nameOf = ({ pid, host, version: other, sinceMs }: LeaseHolder): string =>
      texts.leaseHolder(pid, host, other, minuteOf(sinceMs));
    return new AccountLease({
      redis,
      account: ACCOUNT_ID,
      self: { ...(await ownIdentity()), version, sinceMs: systemClock.nowMs() },
      events: {
        waiting: (holder, forMs) => log.warn(texts.leaseHeld(nameOf(holder), Math.ceil(forMs / 1000))),
        lapsed: (unconfirmedMs) => log.error(texts.leaseLapsed(Math.round(unconfirmedMs / 1000))),
        back: () => log.info(texts.leaseBack),
      },
      clock: bootClock,
      log,
    });
  }

  /** Says why it is over with the account, and has it remembered where that outlasts this process. */
  async note(end: AccountEnd): Promise<void> {
    const { session, texts, log } = this.#deps;
    log.fatal({ err: end }, accountEndText(end, texts));
    if (!(end instanceof AccountStoppedError) || end instanceof AccountInUseError) return;
    const noted = this.#stopped.record(ACCOUNT_ID, session, { code: end.code, atMs: systemClock.nowMs() });
    const late = systemClock.sleep(NOTE_DEADLINE_MS, new AbortController().signal);
    await Promise.race([noted, late]).catch((error: unknown) => log.error({ err: error }, `the refusal could not be remembered, so the next start will ask Telegram again: ${errorText(error)}`));
  }
}
