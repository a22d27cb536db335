import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import { isChannelChat } from '../model.js';
import type { SandboxEntity, WorldChat, WorldMessage, WorldUser } from '../model.js';
import { checkCaption, checkMessage } from '../text-rules.js';
import { EDIT_TIME_LIMIT_SEC } from '../tl/config.js';
import { entitiesFromTl } from '../tl/entities.js';
import { tlEntryUpdates } from '../tl/updates.js';

/** Changing and deleting what has been sent. */
export const editMethods: Methods<UserCall> = {
  'messages.EditMessage': (request, call) => {
    const { world, user, peers, messenger, caller } = call;
    const chat = peers.chat(user, request.peer);
    const box = world.boxOf(chat, user);
    const message = box.get(request.id);
    if (message?.chat !== chat) throw new RpcFault(400, 'MESSAGE_ID_INVALID');
    assertMayEdit(call, message);
    const entities = entitiesFromTl(request.entities ?? []);
    const check = message.media ? checkCaption : checkMessage;
    const content = check(request.message ?? message.text, entities);
    if (content.text === message.text && sameEntities(content.entities, message.entities)) {
      throw new RpcFault(400, 'MESSAGE_NOT_MODIFIED');
    }
    messenger.edit(message, content, caller.authKeyId);
    const entry = box.since(0).findLast(({ event }) => event.kind === 'edit' && event.message === message);
    if (!entry) throw new RpcFault(500, 'MSG_WAIT_FAILED');
    return tlEntryUpdates(world, { viewer: user, channel: isChannelChat(chat) ? chat : undefined, entry });
  },

  'messages.DeleteMessages': ({ id, revoke }, { world, user, messenger, caller }) => {
    const before = user.box.pts;
    for (const [chat, messages] of byChat(id.flatMap((each) => user.box.get(each) ?? []))) {
      if (revoke) assertMayRevoke(chat, user, messages);
      messenger.delete(messages, revoke ? world.membersOf(chat) : [user], caller.authKeyId);
    }
    return new Api.messages.AffectedMessages({ pts: user.box.pts, ptsCount: user.box.pts - before });
  },

  'channels.DeleteMessages': ({ channel: input, id }, { world, user, peers, messenger, caller }) => {
    const channel = peers.channel(user, input);
    const messages = id.flatMap((each) => channel.box.get(each) ?? []);
    assertMayRevoke(channel, user, messages);
    const before = channel.box.pts;
    messenger.delete(messages, world.membersOf(channel), caller.authKeyId);
    return new Api.messages.AffectedMessages({ pts: channel.box.pts, ptsCount: channel.box.pts - before });
  },
};

/** @throws {RpcFault} CHAT_WRITE_FORBIDDEN, MESSAGE_AUTHOR_REQUIRED, MESSAGE_EDIT_TIME_EXPIRED. */
function assertMayEdit({ world, user, peers }: UserCall, message: WorldMessage): void {
  const { chat } = message;
  peers.assertCanWrite(user, chat);
  if (message.service || message.fromUserId !== user.id || message.forward) throw new RpcFault(403, 'MESSAGE_AUTHOR_REQUIRED');
  const isSaved = chat.kind === 'private' && chat.userIds[0] === chat.userIds[1];
  const isAdmin = isChannelChat(chat) && chat.adminIds.has(user.id);
  const isOld = world.nowSec() - message.dateSec > EDIT_TIME_LIMIT_SEC;
  if (isOld && !isSaved && !isAdmin) throw new RpcFault(400, 'MESSAGE_EDIT_TIME_EXPIRED');
}

/** In a private chat both may take anything back; elsewhere one's own, and admins everything. */
function assertMayRevoke(chat: WorldChat, user: WorldUser, messages: readonly WorldMessage[]): void {
  if (chat.kind === 'private' || chat.creatorId === user.id) return;
  if (isChannelChat(chat) && chat.adminIds.has(user.id)) return;
  if (messages.some((message) => message.fromUserId !== user.id)) throw new RpcFault(403, 'MESSAGE_DELETE_FORBIDDEN');
}

function byChat(messages: readonly WorldMessage[]): Map<WorldChat, WorldMessage[]> {
  const groups = new Map<WorldChat, WorldMessage[]>();
  for (const message of messages) groups.set(message.chat, [...(groups.get(message.chat) ?? []), message]);
  return groups;
}

function sameEntities(a: readonly SandboxEntity[], b: readonly SandboxEntity[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
