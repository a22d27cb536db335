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

/** A file to send, all of it in memory; at most `MAX_UPLOAD_BYTES`. */
export interface OutgoingFile {
  chat: Peer;
  file: {
    name: string;
    mimeType: string;
    bytes: Uint8Array;
    /** As a picture that is shown in the chat, or as a document (default). */
    as?: 'document' | 'photo';
  };
  caption?: FormattedText;
  replyToMessageId?: number;
  /** As of `OutgoingText`. */
  randomId: string;
}

export const MAX_UPLOAD_BYTES = 50_000_000;

/** A group or channel that has a user name. */
export interface NamedChat {
  peer: Extract<Peer, { kind: 'channel' }>;
  title: string;
  /** A broadcast channel; else a supergroup. */
  broadcast: boolean;
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
  /**
   * Uploads the file and posts it; resolves like `sendText`. `PermanentError('too-large')` before the first byte where it is
   * over `MAX_UPLOAD_BYTES`.
   */
  sendFile(file: OutgoingFile, signal: AbortSignal): Promise<SentMessage>;
  /**
   * All bytes of a message's file or voice. `PermanentError('too-large')` where they are more than `maxBytes`, before the
   * first; `('deleted')` where the message is gone or holds no file.
   */
  downloadFile(chat: Peer, messageId: number, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** The text of a message, or the caption of its media. Resolves also where the text is already so. */
  editText(chat: Peer, messageId: number, text: FormattedText, signal: AbortSignal): Promise<void>;
  deleteMessages(chat: Peer, messageIds: number[], signal: AbortSignal): Promise<void>;
  sendTyping(chat: Peer, signal: AbortSignal): Promise<void>;
  /** The message, or undefined where it is deleted. */
  getMessage(chat: Peer, messageId: number, signal: AbortSignal): Promise<IncomingMessage | undefined>;
  /** The texts with which this account has answered the message, oldest first, as far as they stand near it or at the end. */
  findReplies(chat: Peer, messageId: number, signal: AbortSignal): Promise<OwnReply[]>;
  /** The account's own texts in a chat that contain this, sent since then, oldest first; of the last thousand messages. */
  findOwnTexts(chat: Peer, containing: string, sinceMs: number, signal: AbortSignal): Promise<OwnReply[]>;
  /** The chat of this message with its access hash, where it can be learnt; else as it was. */
  findChat(chat: Peer, messageId: number, signal: AbortSignal): Promise<Peer>;
  /** The chat or person of this id with its access hash; undefined where this account has not met it. */
  findPeer(id: Pick<Peer, 'kind' | 'id'>, signal: AbortSignal): Promise<Peer | undefined>;
  /** What a group or channel is called; undefined where this account cannot know. */
  chatTitle(chat: Exclude<Peer, { kind: 'user' }>, signal: AbortSignal): Promise<string | undefined>;
  /** A supergroup or channel by user name without the `@`; undefined where none has it. */
  findChatByUsername(username: string, signal: AbortSignal): Promise<NamedChat | undefined>;
  /** By user name without the `@`; undefined where nobody has it. */
  findPersonByUsername(username: string, signal: AbortSignal): Promise<Person | undefined>;
  /** By id, among the people this account has met; undefined where it has not. */
  findPersonById(id: string, signal: AbortSignal): Promise<Person | undefined>;
  /** Round trip to Telegram, ms. */
  ping(signal: AbortSignal): Promise<number>;
}
