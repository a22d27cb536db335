import type { Api } from 'telegram';
import type { ChannelChat, GroupChat, WorldChat, WorldMessage, WorldUser } from '../model.js';
import type { World } from '../world.js';
import { tlChat, tlUser } from './peers.js';

/** Collects everybody that an answer speaks of, as each answer must bring its `users` and `chats` along. */
export class Mentions {
  private readonly users = new Set<WorldUser>();
  private readonly chats = new Set<GroupChat | ChannelChat>();

  constructor(
    private readonly world: World,
    private readonly viewer: WorldUser,
  ) {}

  user(id: string): this {
    this.users.add(this.world.user(id));
    return this;
  }

  chat(chat: WorldChat): this {
    if (chat.kind === 'private') for (const id of chat.userIds) this.user(id);
    else this.chats.add(chat);
    return this;
  }

  message(message: WorldMessage): this {
    this.chat(message.chat);
    if (message.chat.kind !== 'channel') this.user(message.fromUserId);
    if (message.forward) this.user(message.forward.fromUserId);
    if (message.viaBotId !== undefined) this.user(message.viaBotId);
    if (message.guise?.as) this.chat(message.guise.as);
    return this;
  }

  tl(): { users: Api.TypeUser[]; chats: Api.TypeChat[] } {
    return {
      users: [...this.users].map((user) => tlUser(this.world, this.viewer, user)),
      chats: [...this.chats].map((chat) => tlChat(this.world, this.viewer, chat)),
    };
  }
}
