import type { TextEntity } from './formatted-text.js';
import type { Peer } from './peer.js';

/** What kind of conversation a message stands in. */
export type ChatKind = 'private' | 'group' | 'supergroup' | 'channel';

/** A voice: a voice message, a video note, or an audio or video file, with all that a later download needs. */
export interface VoiceMedia {
  kind: 'voice' | 'video-note' | 'audio' | 'video';
  documentId: string;
  accessHash: string;
  /** Base64; expires on Telegram's side and is then refreshed by reading the message again. */
  fileReference: string;
  dcId: number;
  sizeBytes: number;
  /** What the sender's client claims; the audio itself is probed before it is believed. */
  durationSec: number;
  mimeType: string;
}

/** One message as the rest of the program sees it; nothing of the client library is in it. */
export interface IncomingMessage {
  accountId: string;
  chat: Peer;
  chatKind: ChatKind;
  messageId: number;
  /** The person who wrote it; absent for anonymous admins and channel posts. */
  sender?: Extract<Peer, { kind: 'user' }>;
  /** Written by the account's owner, on any of their devices. */
  outgoing: boolean;
  edited: boolean;
  /** When a person last changed it, by Telegram's clock (whole seconds); absent where nobody has. */
  editedAtMs?: number;
  dateMs: number;
  text: string;
  /** Styles of the text, where it has some; offsets count UTF-16 units. */
  entities?: readonly TextEntity[];
  replyToMessageId?: number;
  /** Forwarded from elsewhere. Commands in forwards are never run. */
  forwarded: boolean;
  /** Sent through an inline bot, or by a bot that writes in a business account's name. Commands in such messages are never run. */
  viaBot: boolean;
  /** Telegram sent it by itself: it was scheduled, or is an automatic answer. Commands in such messages are never run. */
  unattended?: true;
  /** Any media at all, also kinds that are not a voice; the preview of a link is none. */
  hasMedia: boolean;
  /** Present where the message is a voice. */
  voice?: VoiceMedia;
  /** Present where the message is a file that is no voice and no picture. The name is what the sender claims. */
  file?: { name: string; sizeBytes: number; mimeType: string };
}
