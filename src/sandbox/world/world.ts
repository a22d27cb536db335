import { AccessHashes } from './access-hashes.js';
import { DocumentStore } from './document-store.js';
import { MessageBox } from './message-box.js';
import { isChannelChat, SERVICE_USER_ID } from './model.js';
import type { ChannelChat, GroupChat, PrivateChat, WorldBox, WorldChat, WorldMessage, WorldUser } from './model.js';
import { makePasswordVerifier } from './srp.js';
import { WorldEvents } from './world-events.js';

/** What a scenario says of a new person. */
export interface NewUser {
  firstName: string;
  lastName?: string;
  username?: string;
  /** With country code; anything but digits is left out. */
  phone?: string;
  twoFactorPassword?: string;
  bot?: boolean;
  /** Where it has to be this one: Telegram's own accounts. */
  id?: string;
}

/** What a scenario says of a new group or channel; the first member is its creator. */
export interface NewChat {
  title: string;
  memberIds: readonly string[];
  username?: string;
}

/** Beyond 32 bits, as real ids are by now. */
const FIRST_USER_ID = 6_100_000_001;
const FIRST_GROUP_ID = 4_500_001;
const FIRST_CHANNEL_ID = 2_300_000_001;

/** Everybody and everything in the sandbox. Holds the state; `Messenger` changes it. */
export class World {
  readonly users = new Map<string, WorldUser>();
  readonly chats = new Map<string, WorldChat>();
  readonly accessHashes = new AccessHashes();
  readonly events = new WorldEvents();
  readonly documents: DocumentStore;
  readonly messages: WorldMessage[] = [];
  /** Most events that one answer of getDifference or getChannelDifference brings. */
  differenceLimit = 1000;

  /** @param now Unix time, ms. */
  constructor(readonly now: () => number) {
    this.documents = new DocumentStore(() => this.nowSec());
    this.put(SERVICE_USER_ID, { firstName: 'Telegram', phone: '42777' });
  }

  nowSec(): number {
    return Math.floor(this.now() / 1000);
  }

  addUser(user: NewUser): WorldUser {
    return this.put(user.id ?? String(FIRST_USER_ID + this.users.size - 1), user);
  }

  user(id: string): WorldUser {
    const user = this.users.get(id);
    if (!user) throw new RangeError(`The sandbox has no user ${id}`);
    return user;
  }

  userByPhone(phone: string): WorldUser | undefined {
    return [...this.users.values()].find((user) => user.phone === phone);
  }

  /** The user or channel of that name, in whatever case it is written. */
  byUsername(username: string): WorldUser | ChannelChat | undefined {
    const wanted = username.toLowerCase();
    const user = [...this.users.values()].find((each) => each.username?.toLowerCase() === wanted);
    return user ?? this.channels().find((each) => each.username?.toLowerCase() === wanted);
  }

  /** The chat of the two, made where it is not there yet; of one with themselves: Saved Messages. */
  privateChat(a: string, b: string): PrivateChat {
    const userIds = [a, b].sort() as [string, string];
    const key = `private:${userIds.join(':')}`;
    const known = this.chats.get(key);
    if (known?.kind === 'private') return known;
    const chat: PrivateChat = { kind: 'private', key, userIds: [this.user(userIds[0]).id, this.user(userIds[1]).id] };
    this.chats.set(key, chat);
    return chat;
  }

  addGroup(chat: NewChat): GroupChat {
    const id = String(FIRST_GROUP_ID + this.chats.size);
    const group: GroupChat = { kind: 'group', key: `group:${id}`, id, ...this.membership(chat) };
    this.chats.set(group.key, group);
    return group;
  }

  addChannel(kind: ChannelChat['kind'], chat: NewChat): ChannelChat {
    const id = String(FIRST_CHANNEL_ID + this.chats.size);
    const membership = this.membership(chat);
    const channel: ChannelChat = {
      kind,
      key: `channel:${id}`,
      id,
      ...membership,
      ...(chat.username === undefined ? {} : { username: chat.username }),
      adminIds: new Set([membership.creatorId]),
      box: new MessageBox(() => this.nowSec()),
    };
    this.chats.set(channel.key, channel);
    return channel;
  }

  group(id: string): GroupChat | undefined {
    const chat = this.chats.get(`group:${id}`);
    return chat?.kind === 'group' ? chat : undefined;
  }

  channel(id: string): ChannelChat | undefined {
    const chat = this.chats.get(`channel:${id}`);
    return chat && isChannelChat(chat) ? chat : undefined;
  }

  channels(): ChannelChat[] {
    return [...this.chats.values()].filter(isChannelChat);
  }

  /** Who takes part, each once. */
  membersOf(chat: WorldChat): WorldUser[] {
    const ids = chat.kind === 'private' ? new Set(chat.userIds) : chat.memberIds;
    return [...ids].map((id) => this.user(id));
  }

  /** The box in which this user sees the messages of the chat. */
  boxOf(chat: WorldChat, viewer: WorldUser): WorldBox {
    return isChannelChat(chat) ? chat.box : viewer.box;
  }

  /** The messages of the chat that this user still has, oldest first. */
  messagesOf(chat: WorldChat, viewer: WorldUser): WorldMessage[] {
    return this.boxOf(chat, viewer).messages().filter((message) => message.chat === chat);
  }

  /** All chats in which this user has a dialog. */
  chatsOf(viewer: WorldUser): WorldChat[] {
    return [...this.chats.values()].filter((chat) =>
      chat.kind === 'private' ? chat.userIds.includes(viewer.id) : chat.memberIds.has(viewer.id),
    );
  }

  private put(id: string, user: NewUser): WorldUser {
    const phone = user.phone?.replace(/\D/g, '');
    if (phone !== undefined && this.userByPhone(phone)) throw new RangeError('The sandbox has this phone number already');
    if (user.username !== undefined && this.byUsername(user.username)) throw new RangeError('This user name is taken');
    const person: WorldUser = {
      id,
      firstName: user.firstName,
      ...(user.lastName === undefined ? {} : { lastName: user.lastName }),
      ...(user.username === undefined ? {} : { username: user.username }),
      ...(phone === undefined ? {} : { phone }),
      ...(user.twoFactorPassword === undefined ? {} : { password: makePasswordVerifier(user.twoFactorPassword) }),
      bot: user.bot ?? false,
      contacts: new Set(),
      box: new MessageBox(() => this.nowSec()),
      readInbox: new Map(),
      readOutbox: new Map(),
      lastSeenSec: this.nowSec(),
      online: false,
    };
    this.users.set(id, person);
    return person;
  }

  private membership(chat: NewChat) {
    const [creatorId] = chat.memberIds;
    if (creatorId === undefined) throw new RangeError('A group or channel needs at least one member');
    return {
      title: chat.title,
      creatorId,
      dateSec: this.nowSec(),
      memberIds: new Set(chat.memberIds.map((id) => this.user(id).id)),
      mutedIds: new Set<string>(),
    };
  }
}
