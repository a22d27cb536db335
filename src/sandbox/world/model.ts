/**
 * The people, chats and messages of the sandbox, free of TL. Ids are decimal strings as in `telegram/peer.ts`; every date
 * is in seconds since 1970, because that is what Telegram keeps.
 */
import type { PasswordVerifier } from './srp.js';
import type { BoxEvent, JournalEntry, MessageBox } from './message-box.js';

/** Telegram's service account: login codes come from it. */
export const SERVICE_USER_ID = '777000';

export interface WorldUser {
  id: string;
  firstName: string;
  lastName?: string;
  username?: string;
  /** Digits only, with the country code. */
  phone?: string;
  bot: boolean;
  password?: PasswordVerifier;
  /** Ids of the users in this user's contact list. */
  contacts: Set<string>;
  /** All private chats and basic groups of this user count their messages and events in this one box. */
  box: WorldBox;
  /** By chat key: up to which id of this user's own numbering the messages are read. */
  readInbox: Map<string, number>;
  readOutbox: Map<string, number>;
  lastSeenSec: number;
  online: boolean;
}

export interface PrivateChat {
  kind: 'private';
  key: string;
  /** Twice the same id in Saved Messages. */
  userIds: readonly [string, string];
}

interface ChatWithMembers {
  key: string;
  id: string;
  title: string;
  creatorId: string;
  dateSec: number;
  memberIds: Set<string>;
  /** Members who may read but not write. */
  mutedIds: Set<string>;
}

export interface GroupChat extends ChatWithMembers {
  kind: 'group';
}

export interface ChannelChat extends ChatWithMembers {
  kind: 'supergroup' | 'channel';
  username?: string;
  adminIds: Set<string>;
  /** A channel counts its messages and events for itself, the same for everybody. */
  box: WorldBox;
}

/** Messages and what happened to them, in order: one a user, one a channel. */
export type WorldBox = MessageBox<WorldMessage, WorldChat>;
export type WorldBoxEvent = BoxEvent<WorldMessage, WorldChat>;
export type WorldEntry = JournalEntry<WorldMessage, WorldChat>;

export type WorldChat = PrivateChat | GroupChat | ChannelChat;

/** A style or link over a piece of text; offset and length count UTF-16 units. */
export interface SandboxEntity {
  type:
    | 'bold'
    | 'italic'
    | 'underline'
    | 'strike'
    | 'code'
    | 'pre'
    | 'quote'
    | 'collapsed-quote'
    | 'spoiler'
    | 'url'
    | 'text-url'
    | 'mention'
    | 'mention-name'
    | 'hashtag'
    | 'bot-command';
  offset: number;
  length: number;
  /** Of `pre`. */
  language?: string;
  /** Of `text-url`. */
  url?: string;
  /** Of `mention-name`. */
  userId?: string;
}

export type MediaKind = 'voice' | 'video-note' | 'audio' | 'video' | 'file' | 'photo';

/** A stored file with what a message says of it. */
export interface WorldDocument {
  id: string;
  accessHash: string;
  kind: MediaKind;
  bytes: Buffer;
  /** The size that messages tell, where it is another one. */
  claimedBytes?: number;
  mimeType: string;
  durationSec: number;
  fileName?: string;
  title?: string;
  performer?: string;
  /** 5 bits a bar, packed as Telegram packs them (100 bars are 63 bytes). */
  waveform?: Buffer;
  width: number;
  height: number;
  dcId: number;
  dateSec: number;
  /** References of another generation are expired. */
  referenceGeneration: number;
}

/** What makes a message another one than it looks. */
export interface Guise {
  /** Written in the name of this channel, or of the group itself (an anonymous admin): nobody is named as the writer. */
  as?: ChannelChat;
  /** A bot wrote it that the person lets write in their name. */
  businessBotId?: string;
  /** Telegram sent it at the time that was set. */
  scheduled?: true;
  /** What hangs at it and is no file. */
  attached?: 'dice' | 'poll' | 'sticker' | 'contact' | 'link-preview';
  /** A piece of the message that it answers. */
  quote?: string;
  /** The keyboard that a bot puts below the chat. */
  keyboard?: string[];
}

/** One message, whichever of its readers looks at it. */
export interface WorldMessage {
  /** Counts all messages of the sandbox; no client ever sees it. */
  key: number;
  chat: WorldChat;
  fromUserId: string;
  dateSec: number;
  editDateSec?: number;
  text: string;
  entities: SandboxEntity[];
  media?: WorldDocument;
  replyTo?: WorldMessage;
  forward?: { fromUserId: string; dateSec: number };
  viaBotId?: string;
  /** Where it was not plainly written as itself by whom it is from. */
  guise?: Guise;
  /** Set where it is no message of anybody but a line in the chat: that the group was created. */
  service?: 'created';
  /** What the sending client gave; decimal. */
  randomId?: string;
  /** The message's id in each box that it ever stood in. */
  ids: Map<WorldBox, number>;
}

export function isChannelChat(chat: WorldChat): chat is ChannelChat {
  return chat.kind === 'supergroup' || chat.kind === 'channel';
}
