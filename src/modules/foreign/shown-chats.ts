import { peerKey } from '../../telegram/peer.js';
import type { PeerId } from '../contract/module-message.js';

/** Where the chats are kept over restarts. */
export interface ShownChatStore {
  /** The newest last. */
  load(): Promise<string[]>;
  /** Remembers that one, and forgets the oldest over `keep`. */
  add(chat: string, atMs: number, keep: number): Promise<void>;
}

const KEEP = 1000;
const SAVE_AGAIN_MS = 3_600_000;

/** The chats that a module was shown a message of: the only ones, beside Saved Messages, that it may name. */
export class ShownChats {
  readonly #atMs = new Map<string, number>();
  readonly #store: ShownChatStore;
  readonly #nowMs: () => number;

  private constructor(store: ShownChatStore, nowMs: () => number, known: readonly string[]) {
    this.#store = store;
    this.#nowMs = nowMs;
    for (const chat of known) this.#atMs.set(chat, 0);
  }

  static async load(store: ShownChatStore, nowMs: () => number): Promise<ShownChats> {
    return new ShownChats(store, nowMs, await store.load());
  }

  has(chat: PeerId): boolean {
    return this.#atMs.has(peerKey(chat));
  }

  /** Before the message crosses, so that the module's answer finds it. */
  async add(chat: PeerId): Promise<void> {
    const key = peerKey(chat);
    const nowMs = this.#nowMs();
    if (nowMs - (this.#atMs.get(key) ?? -Infinity) < SAVE_AGAIN_MS) return;
    this.#atMs.delete(key);
    this.#atMs.set(key, nowMs);
    const [oldest] = this.#atMs.keys();
    if (this.#atMs.size > KEEP && oldest !== undefined) this.#atMs.delete(oldest);
    await this.#store.add(key, nowMs, KEEP);
  }
}
