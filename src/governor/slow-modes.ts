import { type Peer, peerKey } from '../telegram/peer.js';

/** Its admins may switch it off, and nobody tells. */
const BELIEVED_FOR_MS = 30 * 60_000;

/**
 * Groups in slow mode: how long at least lies between two messages there, as far as the waits that Telegram asked for
 * have shown. Kept by itself, so that not every message is refused once. Times are the caller's.
 */
export class SlowModes {
  readonly #chats = new Map<string, { waitMs: number; untilMs: number }>();

  note(chat: Peer, waitMs: number, nowMs: number): void {
    this.#chats.set(peerKey(chat), { waitMs: Math.max(waitMs, this.waitMs(chat, nowMs)), untilMs: nowMs + 2 * waitMs + BELIEVED_FOR_MS });
  }

  /** 0 where nothing is known of a slow mode. */
  waitMs(chat: Peer, nowMs: number): number {
    const known = this.#chats.get(peerKey(chat));
    if (known !== undefined && known.untilMs > nowMs) return known.waitMs;
    this.#chats.delete(peerKey(chat));
    return 0;
  }
}
