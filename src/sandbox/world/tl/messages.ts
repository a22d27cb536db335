import { Api } from 'telegram';
import type { WorldChat, WorldMessage, WorldUser } from '../model.js';
import type { World } from '../world.js';
import { tlMedia } from './documents.js';
import { tlEntities } from './entities.js';
import { tlGuise } from './guise.js';
import { long } from './long.js';
import { tlPeer } from './peers.js';

/** The message as this user sees it, under the id that it has in this user's box. */
export function tlMessage(world: World, viewer: WorldUser, message: WorldMessage): Api.Message | Api.MessageService {
  return message.service ? tlServiceMessage(world, viewer, message) : tlOrdinaryMessage(world, viewer, message);
}

function tlOrdinaryMessage(world: World, viewer: WorldUser, message: WorldMessage): Api.Message {
  const { chat, media } = message;
  const post = chat.kind === 'channel';
  const out = isOutgoing(message, viewer);
  const fromId = tlFrom(message, out);
  return new Api.Message({
    id: idOf(world, viewer, message),
    peerId: tlPeer(chat, viewer),
    ...(fromId ? { fromId } : {}),
    out,
    post,
    ...(post ? { views: 1, forwards: 0 } : {}),
    date: message.dateSec,
    message: message.text,
    mediaUnread: !out && (media?.kind === 'voice' || media?.kind === 'video-note'),
    ...(media ? { media: tlMedia(media, world.documents.referenceOf(media)) } : {}),
    ...(message.entities.length > 0 ? { entities: tlEntities(message.entities) } : {}),
    ...tlReply(world, viewer, message),
    ...(message.forward
      ? {
          fwdFrom: new Api.MessageFwdHeader({
            fromId: new Api.PeerUser({ userId: long(message.forward.fromUserId) }),
            date: message.forward.dateSec,
          }),
        }
      : {}),
    ...(message.viaBotId === undefined ? {} : { viaBotId: long(message.viaBotId) }),
    ...(message.editDateSec === undefined ? {} : { editDate: message.editDateSec }),
    ...tlGuise(message.guise),
  });
}

function tlServiceMessage(world: World, viewer: WorldUser, message: WorldMessage): Api.MessageService {
  const { chat } = message;
  const out = isOutgoing(message, viewer);
  const fromId = tlFrom(message, out);
  return new Api.MessageService({
    id: idOf(world, viewer, message),
    peerId: tlPeer(chat, viewer),
    ...(fromId ? { fromId } : {}),
    out,
    post: chat.kind === 'channel',
    date: message.dateSec,
    action: tlCreation(chat),
  });
}

function tlCreation(chat: WorldChat): Api.TypeMessageAction {
  if (chat.kind === 'private') return new Api.MessageActionHistoryClear();
  const { title } = chat;
  if (chat.kind !== 'group') return new Api.MessageActionChannelCreate({ title });
  return new Api.MessageActionChatCreate({ title, users: [...chat.memberIds].map(long) });
}

/** Posts of a broadcast channel name no sender, and are outgoing for who wrote them; in Saved Messages nothing is. */
export function isOutgoing(message: WorldMessage, viewer: WorldUser): boolean {
  if (message.fromUserId !== viewer.id) return false;
  return !(message.chat.kind === 'private' && message.chat.userIds[0] === message.chat.userIds[1]);
}

/** The id in this user's box; the message must have been there. */
export function idOf(world: World, viewer: WorldUser, message: WorldMessage): number {
  const id = message.ids.get(world.boxOf(message.chat, viewer));
  if (id === undefined) throw new RangeError('This user has never had the message');
  return id;
}

/** What the message answers, where the reader still has it. */
export function tlReply(
  world: World,
  viewer: WorldUser,
  message: WorldMessage,
): { replyTo?: Api.MessageReplyHeader } {
  const replyToMsgId = message.replyTo?.ids.get(world.boxOf(message.chat, viewer));
  return replyToMsgId === undefined ? {} : { replyTo: new Api.MessageReplyHeader({ replyToMsgId, ...(message.guise?.quote === undefined ? {} : { quote: true, quoteText: message.guise.quote }) }) };
}

/** Telegram leaves the sender out of incoming private messages (the chat says it) and of channel posts. */
function tlFrom(message: WorldMessage, out: boolean): Api.PeerUser | Api.PeerChannel | undefined {
  if (message.guise?.as) return new Api.PeerChannel({ channelId: long(message.guise.as.id) });
  if (message.chat.kind === 'channel' || (message.chat.kind === 'private' && !out)) return undefined;
  return new Api.PeerUser({ userId: long(message.fromUserId) });
}
