import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';

/** A message that an update brought. */
export interface MessageUpdate {
  message: Api.TypeMessage;
  edited: boolean;
}

/** The message in an update, or undefined where it is about something else. Short forms are written out in full. */
export function messageUpdateOf(update: unknown, selfId: string): MessageUpdate | undefined {
  if (update instanceof Api.UpdateNewMessage || update instanceof Api.UpdateNewChannelMessage) {
    return { message: update.message, edited: false };
  }
  if (update instanceof Api.UpdateEditMessage || update instanceof Api.UpdateEditChannelMessage) {
    return { message: update.message, edited: true };
  }
  if (update instanceof Api.UpdateShortMessage) return { message: fromShortMessage(update, selfId), edited: false };
  if (update instanceof Api.UpdateShortChatMessage) return { message: fromShortChatMessage(update), edited: false };
  return undefined;
}

function fromShortMessage(update: Api.UpdateShortMessage, selfId: string): Api.Message {
  const author = update.out === true ? returnBigInt(selfId) : update.userId;
  return new Api.Message({
    ...sharedFields(update),
    peerId: new Api.PeerUser({ userId: update.userId }),
    fromId: new Api.PeerUser({ userId: author }),
  });
}

function fromShortChatMessage(update: Api.UpdateShortChatMessage): Api.Message {
  return new Api.Message({
    ...sharedFields(update),
    peerId: new Api.PeerChat({ chatId: update.chatId }),
    fromId: new Api.PeerUser({ userId: update.fromId }),
  });
}

type SharedFields = Pick<Api.Message, 'id' | 'message' | 'date'> &
  Partial<Pick<Api.Message, 'out' | 'fwdFrom' | 'viaBotId' | 'replyTo'>>;

function sharedFields(update: Api.UpdateShortMessage | Api.UpdateShortChatMessage): SharedFields {
  const { id, message, date, out, fwdFrom, viaBotId, replyTo } = update;
  return {
    id,
    message,
    date,
    ...(out === undefined ? {} : { out }),
    ...(fwdFrom === undefined ? {} : { fwdFrom }),
    ...(viaBotId === undefined ? {} : { viaBotId }),
    ...(replyTo instanceof Api.MessageReplyHeader ? { replyTo } : {}),
  };
}
