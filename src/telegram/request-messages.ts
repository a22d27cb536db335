import { Api } from 'telegram';
import { inputChannel } from './input-peer.js';
import type { Peer } from './peer.js';

/** Sends one request to the account's own data centre and waits for the answer, with the usual deadline. */
export type Call = <R extends Api.AnyRequest>(request: R, signal: AbortSignal) => Promise<R['__response']>;

/** The messages in an answer of `messages.*` or `channels.*`. */
export function messagesOf(answer: Api.messages.TypeMessages): Api.TypeMessage[] {
  return answer instanceof Api.messages.MessagesNotModified ? [] : answer.messages;
}

/** Reads one message as it is now; undefined where it is deleted or stands in another chat. */
export async function requestMessage(
  call: Call,
  chat: Peer,
  messageId: number,
  signal: AbortSignal,
): Promise<Api.Message | undefined> {
  const id = [new Api.InputMessageID({ id: messageId })];
  const answer =
    chat.kind === 'channel'
      ? await call(new Api.channels.GetMessages({ channel: inputChannel(chat), id }), signal)
      : await call(new Api.messages.GetMessages({ id }), signal);
  return messagesOf(answer).find(
    (one): one is Api.Message => one instanceof Api.Message && one.id === messageId && standsIn(one, chat),
  );
}

/** Outside of channels one row of ids counts for all chats of an account. */
function standsIn(message: Api.Message, chat: Peer): boolean {
  const { peerId } = message;
  if (peerId instanceof Api.PeerUser) return chat.kind === 'user' && peerId.userId.toString() === chat.id;
  if (peerId instanceof Api.PeerChat) return chat.kind === 'group' && peerId.chatId.toString() === chat.id;
  return chat.kind === 'channel' && peerId.channelId.toString() === chat.id;
}
