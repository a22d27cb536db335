import { Api } from 'telegram';
import type { ChannelChat, WorldBoxEvent, WorldChat, WorldEntry, WorldMessage, WorldUser } from '../model.js';
import type { World } from '../world.js';
import { long } from './long.js';
import { Mentions } from './mentions.js';
import { idOf, isOutgoing, tlMessage, tlReply } from './messages.js';
import { otherOf, tlPeer } from './peers.js';
import { tlEntities } from './entities.js';

/** An event of a box as the update that tells `viewer` of it; `channel` where the box is a channel's. */
export interface EntryView {
  viewer: WorldUser;
  channel: ChannelChat | undefined;
  entry: WorldEntry;
}

/** The update of one event. */
export function tlUpdate(world: World, { viewer, channel, entry }: EntryView): Api.TypeUpdate {
  const { pts, ptsCount, event } = entry;
  switch (event.kind) {
    case 'new': {
      const message = tlMessage(world, viewer, event.message);
      return channel
        ? new Api.UpdateNewChannelMessage({ message, pts, ptsCount })
        : new Api.UpdateNewMessage({ message, pts, ptsCount });
    }
    case 'edit': {
      const message = tlMessage(world, viewer, event.message);
      return channel
        ? new Api.UpdateEditChannelMessage({ message, pts, ptsCount })
        : new Api.UpdateEditMessage({ message, pts, ptsCount });
    }
    case 'delete':
      return channel
        ? new Api.UpdateDeleteChannelMessages({ channelId: long(channel.id), messages: event.ids, pts, ptsCount })
        : new Api.UpdateDeleteMessages({ messages: event.ids, pts, ptsCount });
    case 'read-inbox':
      return new Api.UpdateReadHistoryInbox({
        peer: tlPeer(event.chat, viewer),
        maxId: event.maxId,
        stillUnreadCount: event.stillUnread,
        pts,
        ptsCount,
      });
    case 'read-outbox':
      return new Api.UpdateReadHistoryOutbox({ peer: tlPeer(event.chat, viewer), maxId: event.maxId, pts, ptsCount });
  }
}

/** Adds everybody that the event speaks of. */
export function mentionEvent(mentions: Mentions, event: WorldBoxEvent): void {
  if (event.kind === 'new' || event.kind === 'edit') mentions.message(event.message);
  if (event.kind === 'read-inbox' || event.kind === 'read-outbox') mentions.chat(event.chat);
}

/** Updates with all their users and chats, unordered (`seq` 0), as Telegram pushes and answers them. */
export function tlUpdates(world: World, updates: Api.TypeUpdate[], mentions: Mentions): Api.Updates {
  return new Api.Updates({ updates, ...mentions.tl(), date: world.nowSec(), seq: 0 });
}

/** One event, wrapped for its reader. */
export function tlEntryUpdates(world: World, view: EntryView): Api.Updates {
  const mentions = new Mentions(world, view.viewer);
  mentionEvent(mentions, view.entry.event);
  if (view.channel) mentions.chat(view.channel);
  return tlUpdates(world, [tlUpdate(world, view)], mentions);
}

/**
 * The short form that Telegram pushes for plain text in private chats and basic groups: it brings neither users nor
 * chats nor access hashes, which is where naive clients break. Undefined where the message needs the long form.
 */
export function tlShortMessage(world: World, viewer: WorldUser, entry: WorldEntry): Api.TypeUpdates | undefined {
  if (entry.event.kind !== 'new') return undefined;
  const { message } = entry.event;
  const { chat } = message;
  const plain = !message.service && !message.media && !message.forward && message.viaBotId === undefined && !message.guise;
  if (!plain || chat.kind === 'supergroup' || chat.kind === 'channel') return undefined;
  const common = {
    out: isOutgoing(message, viewer),
    id: idOf(world, viewer, message),
    message: message.text,
    pts: entry.pts,
    ptsCount: entry.ptsCount,
    date: message.dateSec,
    ...(message.entities.length > 0 ? { entities: tlEntities(message.entities) } : {}),
    ...tlReply(world, viewer, message),
  };
  return chat.kind === 'private'
    ? new Api.UpdateShortMessage({ ...common, userId: long(otherOf(chat.userIds, viewer)) })
    : new Api.UpdateShortChatMessage({ ...common, fromId: long(message.fromUserId), chatId: long(chat.id) });
}

/** Somebody is typing, as `viewer` hears of it. */
export function tlTyping(typing: { chat: WorldChat; user: WorldUser; action: Api.TypeSendMessageAction }): Api.TypeUpdate {
  const { chat, user, action } = typing;
  const fromId = new Api.PeerUser({ userId: long(user.id) });
  if (chat.kind === 'private') return new Api.UpdateUserTyping({ userId: long(user.id), action });
  if (chat.kind === 'group') return new Api.UpdateChatUserTyping({ chatId: long(chat.id), fromId, action });
  return new Api.UpdateChannelUserTyping({ channelId: long(chat.id), fromId, action });
}

/** What tells the sender, also after a lost answer, which message came of which `random_id`. */
export function tlMessageId(world: World, viewer: WorldUser, message: WorldMessage): Api.UpdateMessageID[] {
  if (message.randomId === undefined || message.fromUserId !== viewer.id) return [];
  return [new Api.UpdateMessageID({ id: idOf(world, viewer, message), randomId: long(message.randomId) })];
}

/** Plain typing. */
export function tlTypingAction(): Api.TypeSendMessageAction {
  return new Api.SendMessageTypingAction();
}
