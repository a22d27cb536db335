import { Api } from 'telegram';
import type { AddressBook } from './address-book.js';
import type { IncomingMessage } from './incoming-message.js';
import { mapChat } from './map-chat.js';
import { fileOf } from './map-document.js';
import { stylesOf } from './styles-of.js';
import { voiceOf } from './map-voice.js';

/** Telegram's service notices (sign-in codes) and the bot that relays other services' codes. */
const SERVICE_ACCOUNTS: ReadonlySet<string> = new Set(['777000', '489000']);

export interface MappingContext {
  accountId: string;
  /** The signed-in user's id. */
  selfId: string;
  book: AddressBook;
}

/**
 * A message in our own terms. Undefined for what is none of the program's business: service messages ("X joined"),
 * empty ones, and everything that a service account of Telegram has to do with, so that a sign-in code is seen by no
 * log and no module. An access hash that is not known yet is `UNKNOWN_ACCESS_HASH`.
 */
export function mapMessage(
  message: Api.TypeMessage,
  edited: boolean,
  context: MappingContext,
): IncomingMessage | undefined {
  if (!(message instanceof Api.Message)) return undefined;
  const senderId = senderIdOf(message, context.selfId);
  const place = mapChat(message.peerId, context.book, message.post === true);
  if (SERVICE_ACCOUNTS.has(senderId ?? '') || (place.chat.kind === 'user' && SERVICE_ACCOUNTS.has(place.chat.id))) {
    return undefined;
  }
  const replyToMessageId = repliedTo(message.replyTo);
  const voice = voiceOf(message.media);
  const file = fileOf(message.media);
  const entities = stylesOf(message.entities);
  return {
    accountId: context.accountId,
    chat: place.chat,
    chatKind: place.chatKind,
    messageId: message.id,
    ...(senderId === undefined ? {} : { sender: context.book.user(senderId) }),
    outgoing: isOutgoing(message, context.selfId),
    edited,
    ...(isEdited(message) ? { editedAtMs: (message.editDate ?? 0) * 1000 } : {}),
    dateMs: message.date * 1000,
    text: message.message,
    ...(entities.length === 0 ? {} : { entities }),
    ...(replyToMessageId === undefined ? {} : { replyToMessageId }),
    forwarded: isPresent(message.fwdFrom),
    viaBot: isByBot(message),
    ...(isUnattended(message) ? { unattended: true } : {}),
    hasMedia: hasMedia(message),
    ...(voice === undefined ? {} : { voice }),
    ...(file === undefined ? {} : { file }),
  };
}

/** By an inline bot that its writer chose, or by a bot that a business account lets write in its name: that one's words are `out` too. */
function isByBot(message: Api.Message): boolean {
  // The library reads the second one; only its types do not know it.
  return isPresent(message.viaBotId) || ('viaBusinessBotId' in message && isPresent(message.viaBusinessBotId));
}

/** Telegram sent it by itself: at a time that was set before, or as the greeting or away message of a business account. */
function isUnattended(message: Api.Message): boolean {
  return message.fromScheduled === true || ('offline' in message && message.offline === true);
}

/** The preview of a link is Telegram's, and nothing that was sent. */
function hasMedia({ media }: Api.Message): boolean {
  return isPresent(media) && !(media instanceof Api.MessageMediaEmpty) && !(media instanceof Api.MessageMediaWebPage);
}

/** Whether a person has changed it: Telegram also edits messages by itself, unseen (`edit_hide`). */
export function isEdited(message: Api.Message): boolean {
  return isPresent(message.editDate) && message.editHide !== true;
}

export { lacksAccess } from './peer.js';

/** The library leaves absent fields undefined or null, whichever it was that built the object. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** In Saved Messages Telegram sets no `out`; what the owner wrote there is theirs all the same, what they forwarded not. */
export function isOutgoing(message: Api.Message, selfId: string): boolean {
  if (message.out === true) return true;
  const { peerId } = message;
  return peerId instanceof Api.PeerUser && peerId.userId.toString() === selfId && !isPresent(message.fwdFrom);
}

/** Private messages often name no sender: it is the other side, or us. */
function senderIdOf(message: Api.Message, selfId: string): string | undefined {
  if (message.fromId instanceof Api.PeerUser) return message.fromId.userId.toString();
  if (isPresent(message.fromId) || !(message.peerId instanceof Api.PeerUser)) return undefined;
  return message.out === true ? selfId : message.peerId.userId.toString();
}

/**
 * A header may also name a message of another chat, or only the forum topic that the message stands in: those are not
 * replies to a message of this chat.
 */
function repliedTo(header: Api.TypeMessageReplyHeader | undefined): number | undefined {
  if (!(header instanceof Api.MessageReplyHeader) || isPresent(header.replyToPeerId)) return undefined;
  if (header.forumTopic === true && !isPresent(header.replyToTopId)) return undefined;
  return header.replyToMsgId ?? undefined;
}
