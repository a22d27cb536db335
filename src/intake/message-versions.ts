import { createHash } from 'node:crypto';
import type { IncomingMessage } from '../telegram/incoming-message.js';
import { type Peer, peerKey } from '../telegram/peer.js';
import type { OwnWriting } from '../telegram/update-source.js';

interface Known {
  /** What a person wrote there last, as far as it came here. */
  person?: { text: string; editedAtMs: number };
  /** Texts that this program wrote there, in the form of `looseHash`. */
  own: Set<string>;
  /** Nothing older than this can be news. */
  touchedAtMs: number;
}

export interface MessageVersionsOptions {
  /** Telegram's clock. Edits before this time are no news: nobody knows any more who made them. */
  sinceMs: () => number;
  /** Telegram's clock; never behind it. */
  nowMs: () => number;
  /** How many messages are remembered. */
  capacity?: number;
}

const CAPACITY = 5000;
/** A message may be edited for every percent of a long piece of work. */
const MAX_OWN_TEXTS = 300;
/** Sends of which the answer was lost. */
const MAX_UNANSWERED = 500;
/** Telegram's clock is known to the second. */
const CLOCK_MARGIN_MS = 2000;

/**
 * Tells a person's words from this program's own, and news from what was seen before. The program's own writing comes back
 * as updates: before the answer to the request, late, twice, out of order, on behalf of the owner; and Telegram repeats a
 * message whose text nobody touched (a preview, a reaction, a pin). So every text is written down here before it is sent.
 * Memory is bounded; of a message that was forgotten only edits count that are newer than all that was forgotten.
 */
export class MessageVersions {
  readonly #options: MessageVersionsOptions;
  readonly #known = new Map<string, Known>();
  /** New messages on their way, by random id. */
  readonly #onTheirWay = new Map<string, { chat: string; hash: string }>();
  #forgottenToMs = 0;

  constructor(options: MessageVersionsOptions) {
    this.#options = options;
  }

  /** To be called before the text is sent. */
  writes({ chat, text, messageId, randomId }: OwnWriting): void {
    if (messageId !== undefined) this.#addOwn(keyOf(chat, messageId), looseHash(text));
    if (randomId === undefined) return;
    this.#onTheirWay.delete(randomId);
    this.#onTheirWay.set(randomId, { chat: peerKey(chat), hash: looseHash(text) });
    if (this.#onTheirWay.size > MAX_UNANSWERED) dropOldest(this.#onTheirWay);
  }

  /** Telegram has said which message that became. */
  wrote({ chat, text, randomId }: OwnWriting, messageId: number): void {
    this.#addOwn(keyOf(chat, messageId), looseHash(text));
    if (randomId !== undefined) this.#onTheirWay.delete(randomId);
  }

  /** Whether the message, as it is now, is a person's and was not here before; it is remembered. */
  isNews(message: IncomingMessage): boolean {
    const key = keyOf(message.chat, message.messageId);
    if (message.outgoing && this.#isOwn(key, message)) return false;
    return message.edited ? this.#isNewEdit(key, message) : this.#isNew(key, message);
  }

  /** Whether it was here before, as far as that is remembered. */
  knows({ chat, messageId }: Pick<IncomingMessage, 'chat' | 'messageId'>): boolean {
    return this.#known.has(keyOf(chat, messageId));
  }

  #isOwn(key: string, { chat, text, edited }: IncomingMessage): boolean {
    const hash = looseHash(text);
    const known = this.#known.get(key);
    if (known?.own.has(hash) === true) return true;
    // A message of ours that stood here before we edited it says something of ours as well.
    if (edited) return false;
    if (known !== undefined && known.person === undefined) return true;
    const place = peerKey(chat);
    if (![...this.#onTheirWay.values()].some((one) => one.chat === place && one.hash === hash)) return false;
    this.#addOwn(key, hash);
    return true;
  }

  #isNew(key: string, { text, editedAtMs = 0 }: IncomingMessage): boolean {
    if (this.#known.has(key)) return false;
    this.#remember(key, { person: { text: text.trim(), editedAtMs }, own: new Set(), touchedAtMs: this.#options.nowMs() });
    return true;
  }

  #isNewEdit(key: string, { text: raw, editedAtMs }: IncomingMessage): boolean {
    if (editedAtMs === undefined) return false;
    const text = raw.trim();
    const known = this.#known.get(key);
    if (known === undefined && editedAtMs <= Math.max(this.#options.sinceMs(), this.#forgottenToMs)) return false;
    const { person, own = new Set<string>() } = known ?? {};
    if (person !== undefined) {
      if (editedAtMs < person.editedAtMs) return false;
      // The same words are news only where somebody put them back in the place of ours.
      if (text === person.text && (editedAtMs === person.editedAtMs || own.size === 0)) return false;
    }
    this.#remember(key, { person: { text, editedAtMs }, own, touchedAtMs: this.#options.nowMs() });
    return true;
  }

  #addOwn(key: string, hash: string): void {
    const known = this.#known.get(key) ?? { own: new Set<string>(), touchedAtMs: 0 };
    known.own.delete(hash);
    known.own.add(hash);
    if (known.own.size > MAX_OWN_TEXTS) dropOldest(known.own);
    this.#remember(key, { ...known, touchedAtMs: this.#options.nowMs() });
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size <= (this.#options.capacity ?? CAPACITY)) return;
    const [oldest] = this.#known;
    if (oldest === undefined) return;
    this.#known.delete(oldest[0]);
    this.#forgottenToMs = Math.max(this.#forgottenToMs, oldest[1].touchedAtMs + CLOCK_MARGIN_MS);
  }
}

function keyOf(chat: Peer, messageId: number): string {
  return `${peerKey(chat)}:${messageId}`;
}

/** Telegram trims texts, and takes out or changes blanks, control characters and marks on letters: these do not count. */
function looseHash(text: string): string {
  const letters = text.normalize('NFKD').replace(/[\p{M}\p{Z}\p{C}]/gu, '');
  return createHash('sha256').update(letters).digest('base64').slice(0, 22);
}

function dropOldest(collection: Map<string, unknown> | Set<string>): void {
  const [oldest] = collection.keys();
  if (oldest !== undefined) collection.delete(oldest);
}
