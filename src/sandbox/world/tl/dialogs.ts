import { Api } from 'telegram';
import { isChannelChat } from '../model.js';
import type { WorldChat, WorldUser } from '../model.js';
import type { World } from '../world.js';
import { tlPeer } from './peers.js';

/** The line of a chat in the list of chats; a channel's also says its `pts`, from which to catch up. */
export function tlDialog(world: World, viewer: WorldUser, chat: WorldChat): Api.Dialog {
  const box = world.boxOf(chat, viewer);
  const messages = world.messagesOf(chat, viewer);
  const readInbox = viewer.readInbox.get(chat.key) ?? 0;
  const unread = messages.filter((message) => message.fromUserId !== viewer.id && (message.ids.get(box) ?? 0) > readInbox);
  // Wanted by later layers than GramJS's; where the class does not know it, it is passed over.
  const later = { unreadPollVotesCount: 0 };
  return new Api.Dialog({
    ...later,
    peer: tlPeer(chat, viewer),
    topMessage: messages.at(-1)?.ids.get(box) ?? 0,
    readInboxMaxId: readInbox,
    readOutboxMaxId: viewer.readOutbox.get(chat.key) ?? 0,
    unreadCount: unread.length,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    notifySettings: new Api.PeerNotifySettings({}),
    ...(isChannelChat(chat) ? { pts: chat.box.pts } : {}),
  });
}
