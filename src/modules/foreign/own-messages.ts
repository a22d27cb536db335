import { peerKey } from '../../telegram/peer.js';
import type { Destination } from '../contract/capabilities.js';

const KEEP = 2000;

/** The messages that a module sent since it was started: the only ones that it may edit or delete. The oldest are forgotten. */
export class OwnMessages {
  readonly #known = new Set<string>();

  add(chat: Destination, messageId: number): void {
    this.#known.add(keyOf(chat, messageId));
    const [oldest] = this.#known;
    if (this.#known.size > KEEP && oldest !== undefined) this.#known.delete(oldest);
  }

  has(chat: Destination, messageId: number): boolean {
    return this.#known.has(keyOf(chat, messageId));
  }
}

function keyOf(chat: Destination, messageId: number): string {
  return `${chat === 'saved' ? chat : peerKey(chat)}:${messageId}`;
}
