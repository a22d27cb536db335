import type { BackupContext } from './backup-context.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PERIOD_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
const SENT_AT = 'sent-at';
const TRIED_AT = 'tried-at';

/** Whether the schedule asks for a backup now: by when the last one was sent, by hand or not, also before a restart. */
export async function isTimeForBackup(ctx: BackupContext): Promise<boolean> {
  const { every } = ctx.settings;
  if (every === 'off') return false;
  const nowMs = ctx.nowMs();
  const [sentMs, triedMs] = [await ctx.store.get(SENT_AT), await ctx.store.get(TRIED_AT)];
  const isOver = (ms: unknown, periodMs: number): boolean => typeof ms !== 'number' || nowMs - ms >= periodMs || ms > nowMs;
  return isOver(sentMs, PERIOD_MS[every]) && isOver(triedMs, HOUR_MS);
}

export async function noteAttempt(ctx: BackupContext): Promise<void> {
  await ctx.store.set(TRIED_AT, ctx.nowMs());
}

export async function noteSent(ctx: BackupContext): Promise<void> {
  await ctx.store.set(SENT_AT, ctx.nowMs());
}
