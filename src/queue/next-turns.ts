import type { Hold } from './held-until.js';
import { MAX_DELAY_MS, MAX_TOLD_WAIT_MS } from './retry-policy.js';

/** A job that waits for its turn. */
export interface HeldJob extends Hold {
  jobId: string;
  /** Account and chat. */
  chat: string;
  messageId: number;
}

export interface TurnsSituation {
  nowMs: number;
  freeSlots: number;
  /** Chats that have a job in work. */
  busyChats: ReadonlySet<string>;
  /** The chats that had a turn, the one that waits longest since then first. */
  served: readonly string[];
}

/** No wait is longer than these: where one seems to be, the clock was set back meanwhile. */
export const LONGEST_HOLD_MS = MAX_TOLD_WAIT_MS + 3600_000;
const LONGEST_RETRY_MS = MAX_DELAY_MS + 60_000;

/**
 * Whose turn it is. Pure. One job a chat at a time and the oldest message first; the chats in turn, so that a chat with
 * two hundred voices keeps nobody waiting longer than one of them takes. A job that is to be tried again later lets the
 * younger ones of its chat go ahead, unless it holds the chat (Telegram asked to wait before the next message there).
 */
export function nextTurns(held: readonly HeldJob[], situation: TurnsSituation): HeldJob[] {
  const { nowMs, freeSlots, busyChats, served } = situation;
  const isDue = ({ notBeforeMs, holdsChat }: HeldJob): boolean =>
    notBeforeMs <= nowMs || notBeforeMs > nowMs + (holdsChat ? LONGEST_HOLD_MS : LONGEST_RETRY_MS);
  const firstOf = new Map<string, HeldJob>();
  for (const job of [...held].sort(byAge)) {
    const first = firstOf.get(job.chat);
    if (first !== undefined && (isDue(first) || first.holdsChat)) continue;
    if (first === undefined || isDue(job) || job.holdsChat) firstOf.set(job.chat, job);
  }
  const lastTurn = new Map(served.map((chat, index) => [chat, index]));
  return [...firstOf.values()]
    .filter((job) => isDue(job) && !busyChats.has(job.chat))
    .sort((one, other) => (lastTurn.get(one.chat) ?? -1) - (lastTurn.get(other.chat) ?? -1) || one.notBeforeMs - other.notBeforeMs)
    .slice(0, Math.max(0, freeSlots));
}

/** Message ids of one chat grow with time. */
function byAge(one: HeldJob, other: HeldJob): number {
  return one.messageId - other.messageId;
}
