import type { PaceName } from './pace.js';

/** What a wait holds back: `write` is sending and editing, `send` is new messages alone, `updates` and `search` catch up. */
export type WaitKind = (typeof WAIT_KINDS)[number];

export const WAIT_KINDS = ['write', 'send', 'delete', 'typing', 'read', 'find', 'download', 'updates', 'search'] as const;

/** What the governor does at this moment, for `.status`. No chat is named. */
export interface GovernorSnapshot {
  pace: PaceName;
  /** What Telegram asked to wait for, the longest first; `chatKind` where it holds for one chat (slow mode). */
  waits: readonly { kind: WaitKind; chatKind?: 'user' | 'group' | 'channel'; remainingMs: number }[];
  /** Messages and edits that went out. */
  sentLastMinute: number;
  sentLastHour: number;
  /** Waiting for their turn. */
  queued: number;
  /** Edits that were never sent, because a newer text for the same message came first. */
  coalesced: number;
  /** Chats that take nothing from this account, remembered for a while. */
  refusedChats: number;
}
