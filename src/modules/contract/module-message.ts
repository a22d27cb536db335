import type { TextEntity } from '../../telegram/formatted-text.js';

/** A chat or person without what Telegram must be told beside the id; the core knows the rest. */
export interface PeerId {
  kind: 'user' | 'group' | 'channel';
  /** Decimal. */
  id: string;
}

/** One message as modules see it. What Telegram's service account writes is never among them. */
export interface ModuleMessage {
  accountId: string;
  chat: PeerId;
  chatKind: 'private' | 'group' | 'supergroup' | 'channel';
  messageId: number;
  /** The person who wrote it; absent for anonymous admins and channel posts. */
  sender?: PeerId;
  /** Written by the account's owner, on any of their devices. */
  outgoing: boolean;
  edited: boolean;
  dateMs: number;
  text: string;
  /** Styles of the text, where it has some; offsets count UTF-16 units. */
  entities?: readonly TextEntity[];
  replyToMessageId?: number;
  forwarded: boolean;
  viaBot: boolean;
  /** Telegram sent it by itself: it was scheduled, or is an automatic answer. */
  unattended?: true;
  /** The preview of a link is none. */
  hasMedia: boolean;
  /** Present where the message is a voice: a voice message, a video note, an audio or video file. */
  voice?: {
    kind: 'voice' | 'video-note' | 'audio' | 'video';
    sizeBytes: number;
    /** What the sender's client claims. */
    durationSec: number;
    mimeType: string;
  };
  /** Present where the message is a file that is no voice and no picture. */
  file?: { name: string; sizeBytes: number; mimeType: string };
}
