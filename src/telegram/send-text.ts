import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { RetryableError } from '../errors.js';
import type { FormattedText, TextEntity } from './formatted-text.js';
import { findReplies } from './find-replies.js';
import { inputPeer } from './input-peer.js';
import type { Call } from './request-messages.js';
import { rpcErrorCode } from './rpc-errors.js';
import type { OutgoingText, SentMessage } from './telegram-gateway.js';

export interface SendDeps {
  call: Call;
  /** The signed-in user's id. */
  selfId: string;
}

/** See `TelegramGateway.sendText`. */
export async function sendText(deps: SendDeps, outgoing: OutgoingText, signal: AbortSignal): Promise<SentMessage> {
  const { chat, text, replyToMessageId, randomId } = outgoing;
  const request = new Api.messages.SendMessage({
    peer: inputPeer(chat),
    message: text.text,
    entities: messageEntities(text),
    randomId: returnBigInt(randomId),
    noWebpage: true,
    ...replyTo(replyToMessageId),
  });
  try {
    return sentMessage(await deps.call(request, signal), outgoing);
  } catch (error) {
    // An earlier call with this random id is still being worked on.
    if (codeOf(error) !== 'RANDOM_ID_DUPLICATE') throw error;
    return { messageId: await findSent(deps, outgoing, signal), alreadyStood: true };
  }
}

/** See `TelegramGateway.editText`. */
export async function editText(
  call: Call,
  message: { chat: OutgoingText['chat']; messageId: number; text: FormattedText },
  signal: AbortSignal,
): Promise<void> {
  const request = new Api.messages.EditMessage({
    peer: inputPeer(message.chat),
    id: message.messageId,
    message: message.text.text,
    entities: messageEntities(message.text),
    noWebpage: true,
  });
  try {
    await call(request, signal);
  } catch (error) {
    if (codeOf(error) !== 'MESSAGE_NOT_MODIFIED') throw error;
  }
}

/** The part of a request that says what is answered. */
export function replyTo(messageId: number | undefined): { replyTo?: Api.InputReplyToMessage } {
  return messageId === undefined ? {} : { replyTo: new Api.InputReplyToMessage({ replyToMsgId: messageId }) };
}

/** Our styles as Telegram's; offsets and lengths already count UTF-16 units. */
export function messageEntities(text: FormattedText): Api.TypeMessageEntity[] {
  return text.entities.map(messageEntity);
}

function messageEntity({ type, offset, length }: TextEntity): Api.TypeMessageEntity {
  switch (type) {
    case 'bold':
      return new Api.MessageEntityBold({ offset, length });
    case 'italic':
      return new Api.MessageEntityItalic({ offset, length });
    case 'code':
      return new Api.MessageEntityCode({ offset, length });
    case 'pre':
      return new Api.MessageEntityPre({ offset, length, language: '' });
    case 'quote':
      return new Api.MessageEntityBlockquote({ offset, length });
    case 'collapsed-quote':
      return new Api.MessageEntityBlockquote({ offset, length, collapsed: true });
    case 'spoiler':
      return new Api.MessageEntitySpoiler({ offset, length });
  }
}

/** Telegram's code behind one of our errors. */
export function codeOf(error: unknown): string | undefined {
  return rpcErrorCode(error instanceof Error ? error.cause : undefined);
}

/**
 * Where the random id was used before, Telegram answers with the message of that time instead of posting another one
 * (https://core.telegram.org/api/updates, "updateMessageID updates"): under a `pts_count` of 0, with the text that it has
 * by now, or with no message at all where it is deleted.
 */
export function sentMessage(answer: Api.TypeUpdates, { randomId, text }: Pick<OutgoingText, 'randomId' | 'text'>): SentMessage {
  if (answer instanceof Api.UpdateShortSentMessage) return { messageId: answer.id, alreadyStood: false };
  const updates = answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined ? answer.updates : [];
  const named = updates.find(
    (one): one is Api.UpdateMessageID => one instanceof Api.UpdateMessageID && one.randomId?.toString() === randomId,
  );
  // The message was taken; trying again with the same random id tells which it is.
  if (named === undefined) throw new RetryableError('Telegram did not say which message was sent');
  const isNew = updates.some(
    (one) =>
      (one instanceof Api.UpdateNewMessage || one instanceof Api.UpdateNewChannelMessage) &&
      one.ptsCount > 0 &&
      one.message instanceof Api.Message &&
      one.message.id === named.id &&
      one.message.message.trim() === text.text.trim(),
  );
  return { messageId: named.id, alreadyStood: !isNew };
}

/**
 * The message that an earlier attempt sent, where it stands with this text. One with another text may be the owner's own
 * words: that is for the next try to find out, and by then Telegram itself may tell which message it was.
 */
async function findSent(deps: SendDeps, { chat, text, replyToMessageId }: OutgoingText, signal: AbortSignal): Promise<number> {
  const replies = replyToMessageId === undefined ? [] : await findReplies(deps, { chat, messageId: replyToMessageId }, signal);
  const same = replies.find((one) => one.text.trim() === text.text.trim());
  if (same === undefined) throw new RetryableError('an earlier attempt to send this is still under way');
  return same.messageId;
}
