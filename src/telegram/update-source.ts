import type { ChatKind, IncomingMessage } from './incoming-message.js';
import type { Peer } from './peer.js';

export type ChannelPeer = Extract<Peer, { kind: 'channel' }>;

/**
 * A row of numbered events: the account's own one (private chats and basic groups together), or that of one supergroup,
 * named like its peer key. https://core.telegram.org/api/updates
 */
export type LineId = 'common' | `c${string}`;

/** Where an event stands: it took its line from `pts - ptsCount` to `pts`. */
export interface Place {
  line: LineId;
  pts: number;
  ptsCount: number;
}

/** One update, or the answer to something that this client did. */
export interface LiveEvent {
  place?: Place;
  /** The supergroup that the event stands in. */
  channel?: ChannelPeer;
  /** Settles soon and never rejects; it waits where the chat's access hash has to be asked for. */
  message?: Promise<IncomingMessage>;
}

/** Telegram says, or asks us to find out, that a line is further than what it tells. */
export interface News {
  line: LineId;
  /** How far the line is, where Telegram says it. */
  pts?: number;
  channel?: ChannelPeer;
}

/** A text on its way: a new message, or a new text of one that stands. */
export interface OwnWriting {
  chat: Peer;
  text: string;
  /** Of an edit. */
  messageId?: number;
  /** Of a new message. */
  randomId?: string;
}

/** Who is told what arrives, as it comes. Nothing here may block or throw. */
export interface UpdateListener {
  onEvent(event: LiveEvent): void;
  onNews(news: News): void;
  /** This client is about to write: what comes back of it, before the answer, late or twice, is no word of the owner's. */
  onWriting(writing: OwnWriting): void;
  /** It did, and that became this message. */
  onWritten(writing: OwnWriting, messageId: number): void;
  /** A connection stands, until `signal` aborts. */
  onConnected(signal: AbortSignal): void;
  /** Asks Telegram for what is new; rejects where no answer comes within the deadline. */
  probe(deadlineMs: number, signal: AbortSignal): Promise<void>;
}

/** The state of the common line; `dateSec` is Telegram's clock. */
export interface CommonState {
  pts: number;
  qts: number;
  dateSec: number;
  seq: number;
}

export type Difference =
  | { kind: 'empty'; dateSec: number; seq: number }
  /** Everything up to `state`; `isLast` where nothing follows. `news` are supergroups to ask. */
  | { kind: 'part'; messages: IncomingMessage[]; news: News[]; state: CommonState; isLast: boolean }
  /** Telegram has forgotten what happened since: what is of interest has to be searched for. */
  | { kind: 'too-long' };

export type ChannelDifference =
  | { kind: 'part'; messages: IncomingMessage[]; pts: number; isLast: boolean }
  | { kind: 'too-long'; pts: number }
  /** The account may no longer read there. */
  | { kind: 'gone' };

/** A line of the list of chats. */
export interface Dialog {
  chat: Peer;
  chatKind: ChatKind;
  /** Of a supergroup: how far its line is. */
  pts?: number;
  /** When the last message was sent. */
  lastDateSec: number;
}

/** Which voices of a chat to search for. */
export interface VoiceSearch {
  chat: Peer;
  /** Only messages with higher ids. */
  aboveId: number;
  /** Only messages that are not older. */
  sinceSec: number;
}

/** What Telegram can be asked about what was missed. Every method has a deadline and rejects like `TelegramGateway`. */
export interface UpdateSource {
  /** Telegram's clock, s since 1970. */
  serverTimeSec(signal: AbortSignal): Promise<number>;
  currentState(signal: AbortSignal): Promise<CommonState>;
  difference(since: CommonState, signal: AbortSignal, deadlineMs?: number): Promise<Difference>;
  channelDifference(channel: ChannelPeer, pts: number, signal: AbortSignal): Promise<ChannelDifference>;
  /** Chats, the one that was spoken in last first, down to those that were quiet since `sinceSec`; no more than `limit`. */
  dialogs(sinceSec: number, limit: number, signal: AbortSignal): Promise<Dialog[]>;
  /** Oldest first. */
  searchVoices(search: VoiceSearch, signal: AbortSignal): Promise<IncomingMessage[]>;
}
