import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import type { GroupChat } from '../model.js';
import { Mentions } from '../tl/mentions.js';
import { tlChannelFull, tlGroupFull } from '../tl/full-chats.js';

/** Asking what groups and channels are. */
export const chatMethods: Methods<UserCall> = {
  'messages.GetChats': ({ id }, { world, user }) => {
    const mentions = new Mentions(world, user);
    for (const each of id) mentions.chat(knownGroup(world.group(each.toString())));
    return new Api.messages.Chats({ chats: mentions.tl().chats });
  },

  'messages.GetFullChat': ({ chatId }, { world, user, peers }) => {
    const group = peers.group(user, chatId.toString());
    const mentions = new Mentions(world, user).chat(group);
    for (const id of group.memberIds) mentions.user(id);
    return new Api.messages.ChatFull({ fullChat: tlGroupFull(group), ...mentions.tl() });
  },

  'channels.GetChannels': ({ id }, { world, user, peers }) => {
    const mentions = new Mentions(world, user);
    for (const input of id) mentions.chat(peers.channel(user, input));
    return new Api.messages.Chats({ chats: mentions.tl().chats });
  },

  'channels.GetFullChannel': ({ channel: input }, { world, user, peers, messenger }) => {
    const channel = peers.channel(user, input);
    const fullChat = tlChannelFull(channel, {
      unreadCount: messenger.unreadCount(channel, user),
      readInboxMaxId: user.readInbox.get(channel.key) ?? 0,
    });
    return new Api.messages.ChatFull({ fullChat, ...new Mentions(world, user).chat(channel).tl() });
  },
};

function knownGroup(group: GroupChat | undefined): GroupChat {
  if (!group) throw new RpcFault(400, 'CHAT_ID_INVALID');
  return group;
}
