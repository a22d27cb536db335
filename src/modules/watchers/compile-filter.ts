import { peerKey } from '../../telegram/peer.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { WatcherFilter } from '../contract/watcher-definition.js';

/** A message with what several watchers ask of it, worked out once. */
export interface SeenMessage {
  readonly message: ModuleMessage;
  /** `u1`, `g1`, `c1`. */
  readonly chat: string;
  /** The text in lower case. */
  readonly text: string;
}

/** Flags of what a text has to match. */
export const MATCH_FLAGS = 'iu';

export type WatcherPredicate = (seen: SeenMessage) => boolean;

export function seenMessage(message: ModuleMessage): SeenMessage {
  let lowered: string | undefined;
  return {
    message,
    chat: peerKey(message.chat),
    get text() {
      return (lowered ??= message.text.toLowerCase());
    },
  };
}

/**
 * The filter as one function; the cheap conditions, which most messages fail, come first.
 * @throws SyntaxError where the regular expression is none
 */
export function compileFilter(filter: WatcherFilter): WatcherPredicate {
  const conditions = [
    ...direction(filter),
    ...marks(filter),
    ...media(filter),
    ...places(filter),
    ...texts(filter),
  ];
  return (seen) => conditions.every((condition) => condition(seen));
}

function direction({ direction: wanted }: WatcherFilter): WatcherPredicate[] {
  return wanted === undefined ? [] : [({ message }) => message.outgoing === (wanted === 'outgoing')];
}

function marks({ edits = 'without', forwards = 'with', replies }: WatcherFilter): WatcherPredicate[] {
  return [
    ...mark(edits, ({ message }) => message.edited),
    ...mark(forwards, ({ message }) => message.forwarded),
    ...mark(replies ?? 'with', ({ message }) => message.replyToMessageId !== undefined),
  ];
}

function mark(wanted: 'with' | 'without' | 'only', has: WatcherPredicate): WatcherPredicate[] {
  if (wanted === 'with') return [];
  return wanted === 'only' ? [has] : [(seen) => !has(seen)];
}

function media({ media: wanted }: WatcherFilter): WatcherPredicate[] {
  if (wanted === undefined) return [];
  if (wanted === 'none') return [({ message }) => !message.hasMedia];
  if (wanted === 'any') return [({ message }) => message.hasMedia];
  const kinds = new Set<string>(wanted);
  return [({ message }) => message.voice !== undefined && kinds.has(message.voice.kind)];
}

function places({ chatKinds, chats, from }: WatcherFilter): WatcherPredicate[] {
  const kinds = new Set(chatKinds);
  const keys = new Set(chats);
  const senders = new Set(from);
  return [
    ...(chatKinds === undefined ? [] : [({ message }: SeenMessage) => kinds.has(message.chatKind)]),
    ...(chats === undefined ? [] : [({ chat }: SeenMessage) => keys.has(chat)]),
    ...(from === undefined ? [] : [({ message }: SeenMessage) => message.sender !== undefined && senders.has(message.sender.id)]),
  ];
}

function texts({ text: wanted = {} }: WatcherFilter): WatcherPredicate[] {
  const { startsWith, endsWith, contains, matches } = wanted;
  const pattern = matches === undefined ? undefined : new RegExp(matches, MATCH_FLAGS);
  return [
    ...inLowerCase(startsWith, (text, part) => text.startsWith(part)),
    ...inLowerCase(endsWith, (text, part) => text.endsWith(part)),
    ...inLowerCase(contains, (text, part) => text.includes(part)),
    ...(pattern === undefined ? [] : [({ message }: SeenMessage) => pattern.test(message.text)]),
  ];
}

function inLowerCase(part: string | undefined, holds: (text: string, part: string) => boolean): WatcherPredicate[] {
  if (part === undefined) return [];
  const lowered = part.toLowerCase();
  return [({ text }) => holds(text, lowered)];
}
