import { Api } from 'telegram';
import { RpcFault } from '../rpc.js';
import { isChannelChat } from './model.js';
import type { ChannelChat, GroupChat, WorldChat, WorldUser } from './model.js';
import type { World } from './world.js';

/** Finds whom a request means, and refuses an access hash that is not the asking user's own. */
export class PeerResolver {
  constructor(private readonly world: World) {}

  /** @throws {RpcFault} PEER_ID_INVALID, CHANNEL_INVALID, CHANNEL_PRIVATE, CHAT_ID_INVALID. */
  chat(viewer: WorldUser, peer: unknown): WorldChat {
    if (peer instanceof Api.InputPeerSelf) return this.world.privateChat(viewer.id, viewer.id);
    if (peer instanceof Api.InputPeerUser || peer instanceof Api.InputPeerUserFromMessage) {
      const user = this.user(viewer, peer);
      if (!user) throw new RpcFault(400, 'PEER_ID_INVALID');
      return this.world.privateChat(viewer.id, user.id);
    }
    if (peer instanceof Api.InputPeerChat) return this.group(viewer, peer.chatId.toString());
    if (peer instanceof Api.InputPeerChannel || peer instanceof Api.InputPeerChannelFromMessage) {
      return this.channel(viewer, peer);
    }
    throw new RpcFault(400, 'PEER_ID_INVALID');
  }

  /** The person, or undefined where id and hash do not belong together; hash 0 does for contacts. */
  user(viewer: WorldUser, input: unknown): WorldUser | undefined {
    if (input instanceof Api.InputUserSelf || input instanceof Api.InputPeerSelf) return viewer;
    if (input instanceof Api.InputUserFromMessage || input instanceof Api.InputPeerUserFromMessage) {
      return this.userFromMessage(viewer, input);
    }
    if (!(input instanceof Api.InputUser) && !(input instanceof Api.InputPeerUser)) return undefined;
    const user = this.world.users.get(input.userId.toString());
    if (!user || user === viewer) return user;
    const hash = input.accessHash.toString();
    const right = hash === this.world.accessHashes.of(viewer.id, 'user', user.id);
    return right || (hash === '0' && viewer.contacts.has(user.id)) ? user : undefined;
  }

  /** A channel whose messages this user may read. */
  channel(viewer: WorldUser, input: unknown): ChannelChat {
    const channel = this.channelOf(viewer, input);
    if (!channel) throw new RpcFault(400, 'CHANNEL_INVALID');
    if (!channel.memberIds.has(viewer.id) && channel.username === undefined) throw new RpcFault(400, 'CHANNEL_PRIVATE');
    return channel;
  }

  group(viewer: WorldUser, id: string): GroupChat {
    const group = this.world.group(id);
    if (!group?.memberIds.has(viewer.id)) throw new RpcFault(400, 'PEER_ID_INVALID');
    return group;
  }

  /** @throws {RpcFault} 403 CHAT_WRITE_FORBIDDEN where the user may read but not write. */
  assertCanWrite(viewer: WorldUser, chat: WorldChat): void {
    if (chat.kind === 'private') return;
    const onlyAdmins = chat.kind === 'channel' && !chat.adminIds.has(viewer.id);
    if (onlyAdmins || chat.mutedIds.has(viewer.id) || !chat.memberIds.has(viewer.id)) {
      throw new RpcFault(403, 'CHAT_WRITE_FORBIDDEN');
    }
  }

  private channelOf(viewer: WorldUser, input: unknown): ChannelChat | undefined {
    if (input instanceof Api.InputChannelFromMessage || input instanceof Api.InputPeerChannelFromMessage) {
      const chat = this.chat(viewer, input.peer);
      const message = this.world.boxOf(chat, viewer).get(input.msgId);
      return message?.chat.key === `channel:${input.channelId.toString()}` && isChannelChat(message.chat)
        ? message.chat
        : undefined;
    }
    if (!(input instanceof Api.InputChannel) && !(input instanceof Api.InputPeerChannel)) return undefined;
    const id = input.channelId.toString();
    const right = input.accessHash.toString() === this.world.accessHashes.of(viewer.id, 'channel', id);
    return right ? this.world.channel(id) : undefined;
  }

  private userFromMessage(
    viewer: WorldUser,
    input: Api.InputUserFromMessage | Api.InputPeerUserFromMessage,
  ): WorldUser | undefined {
    const chat = this.chat(viewer, input.peer);
    const message = this.world.boxOf(chat, viewer).get(input.msgId);
    const id = input.userId.toString();
    const spokenOf = [message?.fromUserId, message?.forward?.fromUserId];
    return message?.chat === chat && spokenOf.includes(id) ? this.world.users.get(id) : undefined;
  }
}
