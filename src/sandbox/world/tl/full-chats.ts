import { Api } from 'telegram';
import type { ChannelChat, GroupChat } from '../model.js';
import { long } from './long.js';

export function tlGroupFull(group: GroupChat): Api.ChatFull {
  const participants = [...group.memberIds].map((id) =>
    id === group.creatorId
      ? new Api.ChatParticipantCreator({ userId: long(id) })
      : new Api.ChatParticipant({ userId: long(id), inviterId: long(group.creatorId), date: group.dateSec }),
  );
  return new Api.ChatFull({
    id: long(group.id),
    about: '',
    participants: new Api.ChatParticipants({ chatId: long(group.id), participants, version: 1 }),
    notifySettings: new Api.PeerNotifySettings({}),
  });
}

export function tlChannelFull(
  channel: ChannelChat,
  reader: { unreadCount: number; readInboxMaxId: number },
): Api.ChannelFull {
  return new Api.ChannelFull({
    id: long(channel.id),
    about: '',
    participantsCount: channel.memberIds.size,
    readInboxMaxId: reader.readInboxMaxId,
    readOutboxMaxId: 0,
    unreadCount: reader.unreadCount,
    chatPhoto: new Api.PhotoEmpty({ id: long(0) }),
    notifySettings: new Api.PeerNotifySettings({}),
    botInfo: [],
    pts: channel.box.pts,
  });
}
