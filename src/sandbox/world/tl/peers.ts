import { Api } from 'telegram';
import { isChannelChat, SERVICE_USER_ID } from '../model.js';
import type { ChannelChat, GroupChat, WorldChat, WorldUser } from '../model.js';
import type { World } from '../world.js';
import { long } from './long.js';

/** The chat as this user addresses it: a private chat is named by the other one. */
export function tlPeer(chat: WorldChat, viewer: WorldUser): Api.TypePeer {
  if (chat.kind === 'private') return new Api.PeerUser({ userId: long(otherOf(chat.userIds, viewer)) });
  if (chat.kind === 'group') return new Api.PeerChat({ chatId: long(chat.id) });
  return new Api.PeerChannel({ channelId: long(chat.id) });
}

/** The other one of a private chat; oneself in Saved Messages. */
export function otherOf(userIds: readonly [string, string], viewer: WorldUser): string {
  return userIds[0] === viewer.id ? userIds[1] : userIds[0];
}

/** A person as `viewer` sees them, with the access hash that only `viewer` may use. */
export function tlUser(world: World, viewer: WorldUser, user: WorldUser): Api.User {
  const self = user.id === viewer.id;
  const known = self || viewer.contacts.has(user.id);
  return new Api.User({
    id: long(user.id),
    accessHash: long(world.accessHashes.of(viewer.id, 'user', user.id)),
    self,
    contact: viewer.contacts.has(user.id),
    mutualContact: viewer.contacts.has(user.id) && user.contacts.has(viewer.id),
    bot: user.bot,
    ...(user.bot ? { botInfoVersion: 1 } : {}),
    verified: user.id === SERVICE_USER_ID,
    support: user.id === SERVICE_USER_ID,
    firstName: user.firstName,
    ...(user.lastName === undefined ? {} : { lastName: user.lastName }),
    ...(user.username === undefined ? {} : { username: user.username }),
    ...(user.phone !== undefined && known ? { phone: user.phone } : {}),
    ...(user.bot ? {} : { status: tlStatus(world, user) }),
  });
}

function tlStatus(world: World, user: WorldUser): Api.TypeUserStatus {
  return user.online
    ? new Api.UserStatusOnline({ expires: world.nowSec() + 300 })
    : new Api.UserStatusOffline({ wasOnline: user.lastSeenSec });
}

export function tlChat(world: World, viewer: WorldUser, chat: GroupChat | ChannelChat): Api.TypeChat {
  return isChannelChat(chat) ? tlChannel(world, viewer, chat) : tlGroup(viewer, chat);
}

function tlGroup(viewer: WorldUser, group: GroupChat): Api.TypeChat {
  if (!group.memberIds.has(viewer.id)) return new Api.ChatForbidden({ id: long(group.id), title: group.title });
  return new Api.Chat({
    id: long(group.id),
    title: group.title,
    creator: group.creatorId === viewer.id,
    photo: new Api.ChatPhotoEmpty(),
    participantsCount: group.memberIds.size,
    date: group.dateSec,
    version: 1,
    defaultBannedRights: new Api.ChatBannedRights({ untilDate: 0x7fffffff }),
  });
}

function tlChannel(world: World, viewer: WorldUser, channel: ChannelChat): Api.TypeChat {
  const kind = { megagroup: channel.kind === 'supergroup', broadcast: channel.kind === 'channel' };
  const accessHash = long(world.accessHashes.of(viewer.id, 'channel', channel.id));
  const member = channel.memberIds.has(viewer.id);
  if (!member && channel.username === undefined) {
    return new Api.ChannelForbidden({ ...kind, id: long(channel.id), accessHash, title: channel.title });
  }
  return new Api.Channel({
    ...kind,
    id: long(channel.id),
    accessHash,
    title: channel.title,
    creator: channel.creatorId === viewer.id,
    left: !member,
    ...(channel.username === undefined ? {} : { username: channel.username }),
    photo: new Api.ChatPhotoEmpty(),
    date: channel.dateSec,
    participantsCount: channel.memberIds.size,
    ...(channel.adminIds.has(viewer.id) ? { adminRights: allAdminRights() } : {}),
    ...(channel.mutedIds.has(viewer.id)
      ? { bannedRights: new Api.ChatBannedRights({ sendMessages: true, sendPlain: true, untilDate: 0x7fffffff }) }
      : {}),
    ...(channel.kind === 'supergroup'
      ? { defaultBannedRights: new Api.ChatBannedRights({ untilDate: 0x7fffffff }) }
      : {}),
  });
}

function allAdminRights(): Api.ChatAdminRights {
  return new Api.ChatAdminRights({
    changeInfo: true,
    postMessages: true,
    editMessages: true,
    deleteMessages: true,
    banUsers: true,
    inviteUsers: true,
    pinMessages: true,
    addAdmins: true,
    other: true,
  });
}
