import type { FormattedText } from './formatted-text.js';
import type { IncomingMessage, VoiceMedia } from './incoming-message.js';
import type { Peer } from './peer.js';

/** The person behind an id, as far as a list for the owner needs them. */
export interface Person {
  peer: Extract<Peer, { kind: 'user' }>;
  name: string;
  username?: string;
}

/** Where a voice lies; the gateway refreshes an expired file reference through `chat` and `messageId`. */
export interface VoiceLocation {
  chat: Peer;
  messageId: number;
  media: VoiceMedia;
}

/** A text to send. */
export interface OutgoingText {
  chat: Peer;
  text: FormattedText;
  replyToMessageId?: number;
  /** Decimal signed 64-bit. Telegram drops a second send with the same value: one value, one message, for ever. */
  randomId: string;
}

/** What became of a text that was sent. */
export interface SentMessage {
  messageId: number;
  alreadyStood: boolean;
}

/** A text that the account itself, with whatever app, has answered to a message. */
export interface OwnReply {
  messageId: number;
  text: string;
  /** All of it is one collapsed quote. */
  collapsed: boolean;
}

/**
 * All that the program knows of Telegram, for one account. Every method has a deadline of its own and rejects with
 * `RetryableError` (network, flood wait: `retryAfterMs`), `PermanentError` (this can never succeed) or
 * `AccountStoppedError`; an aborted signal rejects with the signal's reason.
 */
export interface TelegramGateway {
  /** Who is signed in. Known once connected. */
  readonly self: Person;
  /**
   * Writes the voice's bytes to `path` as they come. `PermanentError('too-large')` before the first byte where the size
   * is over `maxBytes`, and during the download where the server sends more than it said; `('deleted')` where the
   * message is gone.
   */
  downloadVoice(location: VoiceLocation, path: string, maxBytes: number, signal: AbortSignal): Promise<void>;
  /**
   * Resolves once Telegram has the message. Where `randomId` had been sent before nothing new is posted: it resolves with
   * the message that stands (its text may be another one: a progress text; it may even be deleted by now), and
   * `alreadyStood` tells the caller to edit it into what it should say.
   */
  sendText(message: OutgoingText, signal: AbortSignal): Promise<SentMessage>;
  /** Resolves also where the text is already so. */
  editText(chat: Peer, messageId: number, text: FormattedText, signal: AbortSignal): Promise<void>;
  deleteMessages(chat: Peer, messageIds: number[], signal: AbortSignal): Promise<void>;
  sendTyping(chat: Peer, signal: AbortSignal): Promise<void>;
  /** The message, or undefined where it is deleted. */
  getMessage(chat: Peer, messageId: number, signal: AbortSignal): Promise<IncomingMessage | undefined>;
  /** The texts with which this account has answered the message, oldest first, as far as they stand near it or at the end. */
  findReplies(chat: Peer, messageId: number, signal: AbortSignal): Promise<OwnReply[]>;
  /** The chat of this message with its access hash, where it can be learnt; else as it was. */
  findChat(chat: Peer, messageId: number, signal: AbortSignal): Promise<Peer>;
  /** By user name without the `@`; undefined where nobody has it. */
  findPersonByUsername(username: string, signal: AbortSignal): Promise<Person | undefined>;
  /** By id, among the people this account has met; undefined where it has not. */
  findPersonById(id: string, signal: AbortSignal): Promise<Person | undefined>;
  /** Round trip to Telegram, ms. */
  ping(signal: AbortSignal): Promise<number>;
}
