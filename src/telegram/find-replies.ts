import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { inputPeer } from './input-peer.js';
import { isOutgoing } from './map-message.js';
import type { Peer } from './peer.js';
import { type Call, messagesOf } from './request-messages.js';
import type { OwnReply } from './telegram-gateway.js';

const PAGE = 100;

export interface FindRepliesDeps {
  call: Call;
  /** The signed-in user's id. */
  selfId: string;
}

/** See `TelegramGateway.findReplies`. Looks right after the message, where answers stand, then among the newest. */
export async function findReplies(
  { call, selfId }: FindRepliesDeps,
  { chat, messageId }: { chat: Peer; messageId: number },
  signal: AbortSignal,
): Promise<OwnReply[]> {
  const found = new Map<number, Api.Message>();
  for (const range of [{ offsetId: messageId, addOffset: -PAGE }, { offsetId: 0, addOffset: 0 }]) {
    const messages = messagesOf(await call(historyRequest(chat, range), signal));
    for (const one of messages) if (isReplyOf(one, messageId, selfId)) found.set(one.id, one);
    // All that came after the message was in one page.
    if (messages.filter(({ id }) => id > messageId).length < PAGE - 1) break;
  }
  return [...found.values()]
    .sort((one, other) => one.id - other.id)
    .map((one) => ({ messageId: one.id, text: one.message, collapsed: isCollapsed(one) }));
}

function historyRequest(chat: Peer, range: { offsetId: number; addOffset: number }): Api.messages.GetHistory {
  return new Api.messages.GetHistory({
    peer: inputPeer(chat),
    ...range,
    offsetDate: 0,
    limit: PAGE,
    maxId: 0,
    minId: 0,
    hash: returnBigInt(0),
  });
}

/** A plain text of the account's own that answers this message. */
function isReplyOf(message: Api.TypeMessage, messageId: number, selfId: string): message is Api.Message {
  if (!(message instanceof Api.Message) || !isOutgoing(message, selfId) || message.message === '') return false;
  if (message.fwdFrom != null || message.viaBotId != null) return false;
  const header = message.replyTo;
  return header instanceof Api.MessageReplyHeader && header.replyToPeerId == null && header.replyToMsgId === messageId;
}

/** All of the text, but for a numbering in front of it, is one collapsed quote. */
function isCollapsed({ message, entities }: Api.Message): boolean {
  const quote = entities?.find((one) => one instanceof Api.MessageEntityBlockquote && one.collapsed === true);
  return quote !== undefined && quote.offset + quote.length >= message.length && !message.slice(0, quote.offset).trim().includes('\n');
}
