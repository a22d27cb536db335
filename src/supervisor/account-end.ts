import type { AccountStoppedError} from '../errors.js';
import { AccountInUseError, RestartNeededError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';

/** It is over with the account in this process; `RestartNeededError`: a new one may go on. */
export type AccountEnd = AccountStoppedError | RestartNeededError;

/** What happened and what to do about it, for the log. */
export function accountEndText(end: AccountEnd, texts: Texts['lifecycle']): string {
  if (end instanceof RestartNeededError) return texts.leaving(Math.round(end.failingMs / 60_000));
  if (!(end instanceof AccountInUseError)) return texts.accountStopped(end.code);
  const { pid, host, version, sinceMs } = end.holder;
  return texts.accountInUse(texts.leaseHolder(pid, host, version, minuteOf(sinceMs)));
}

/** `2026-05-01 12:30 UTC` */
export function minuteOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
