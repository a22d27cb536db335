import type { Api } from 'telegram';
import { isChannelChat } from './model.js';
import type { ChannelChat, Guise, SandboxEntity, WorldBox, WorldChat, WorldDocument, WorldEntry, WorldMessage, WorldUser } from './model.js';
import type { Publisher } from './publisher.js';
import { Mentions } from './tl/mentions.js';
import { tlTyping, tlUpdates } from './tl/updates.js';
import type { World } from './world.js';

export interface NewMessage {
  chat: WorldChat;
  from: WorldUser;
  text: string;
  entities?: SandboxEntity[];
  media?: WorldDocument;
  replyTo?: WorldMessage;
  forward?: { fromUserId: string; dateSec: number };
  viaBotId?: string;
  guise?: Guise;
  service?: 'created';
  randomId?: string;
}

/** Where an event went: one box for a channel, one a member everywhere else. */
interface Copy {
  users: WorldUser[];
  box: WorldBox;
  channel: ChannelChat | undefined;
}

/**
 * Everything that people do to messages. Each act is written into the boxes first and then published; the device that
 * asked for it is left out, since it gets the answer.
 */
export class Messenger {
  constructor(
    private readonly world: World,
    private readonly publisher: Publisher,
  ) {}

  send(message: NewMessage, exceptAuthKeyId?: string): WorldMessage {
    const { from, ...content } = message;
    const sent: WorldMessage = {
      ...content,
      key: this.world.messages.length + 1,
      fromUserId: from.id,
      dateSec: this.world.nowSec(),
      entities: message.entities ?? [],
      ids: new Map(),
    };
    this.world.messages.push(sent);
    const copies = this.copiesOf(sent.chat).map((copy) => ({ copy, entry: copy.box.add(sent) }));
    if (!sent.service) this.world.events.emit({ kind: 'message', message: sent });
    for (const { copy, entry } of copies) this.publish(copy, entry, exceptAuthKeyId);
    return sent;
  }

  /** Replaces text and entities; media stays. */
  edit(message: WorldMessage, content: { text: string; entities: SandboxEntity[] }, exceptAuthKeyId?: string): void {
    message.text = content.text;
    message.entities = content.entities;
    message.editDateSec = this.world.nowSec();
    this.world.events.emit({ kind: 'edit', message });
    for (const copy of this.copiesOf(message.chat)) this.publish(copy, copy.box.edited(message), exceptAuthKeyId);
  }

  /** Takes the messages of one chat from the boxes of `users` (of everybody, where it is a channel). */
  delete(messages: readonly WorldMessage[], users: readonly WorldUser[], exceptAuthKeyId?: string): void {
    const chat = messages[0]?.chat;
    if (!chat) return;
    for (const copy of this.copiesOf(chat)) {
      if (!copy.channel && !copy.users.some((user) => users.includes(user))) continue;
      const ids = messages.flatMap((message) => message.ids.get(copy.box) ?? []);
      this.publish(copy, copy.box.delete(ids), exceptAuthKeyId);
    }
    const userIds = (isChannelChat(chat) ? this.world.membersOf(chat) : users).map((user) => user.id);
    this.world.events.emit({ kind: 'delete', chat, messages: [...messages], userIds });
  }

  /** Sends the update of a message's arrival, or of its last edit, once more, to everybody, as a bad network makes it happen. */
  announceAgain(message: WorldMessage, what: 'new' | 'edit' = 'new'): void {
    for (const copy of this.copiesOf(message.chat)) {
      const entry = copy.box.since(0).findLast(({ event }) => event.kind === what && event.message === message);
      this.publish(copy, entry);
    }
  }

  /** An update of an edit although nobody changed the text: a preview, a reaction. */
  touch(message: WorldMessage): void {
    for (const copy of this.copiesOf(message.chat)) this.publish(copy, copy.box.edited(message));
  }

  typing(chat: WorldChat, user: WorldUser, action: Api.TypeSendMessageAction): void {
    this.world.events.emit({ kind: 'typing', chat, userId: user.id });
    for (const viewer of this.world.membersOf(chat)) {
      if (viewer === user) continue;
      const mentions = new Mentions(this.world, viewer).user(user.id).chat(chat);
      this.publisher.push(viewer, tlUpdates(this.world, [tlTyping({ chat, user, action })], mentions));
    }
  }

  /** Marks the chat as read up to `maxId` of the reader's numbering; its other side sees the ticks. */
  read(chat: WorldChat, reader: WorldUser, maxId: number, exceptAuthKeyId?: string): void {
    const upTo = Math.max(reader.readInbox.get(chat.key) ?? 0, maxId);
    reader.readInbox.set(chat.key, upTo);
    if (!isChannelChat(chat)) this.recordRead(chat, reader, upTo, exceptAuthKeyId);
    this.world.events.emit({ kind: 'read', chat, userId: reader.id });
  }

  /** How many messages of others this user has not read. */
  unreadCount(chat: WorldChat, viewer: WorldUser): number {
    const box = this.world.boxOf(chat, viewer);
    const read = viewer.readInbox.get(chat.key) ?? 0;
    return this.world
      .messagesOf(chat, viewer)
      .filter((message) => message.fromUserId !== viewer.id && (message.ids.get(box) ?? 0) > read).length;
  }

  private recordRead(chat: WorldChat, reader: WorldUser, maxId: number, exceptAuthKeyId?: string): void {
    const stillUnread = this.unreadCount(chat, reader);
    const inbox = reader.box.record({ kind: 'read-inbox', chat, maxId, stillUnread }, 1);
    this.publisher.publish({ user: reader, entry: inbox }, exceptAuthKeyId);
    const lastRead = this.world.messagesOf(chat, reader).findLast((message) => (message.ids.get(reader.box) ?? 0) <= maxId);
    for (const writer of this.world.membersOf(chat)) {
      const seenId = lastRead?.ids.get(writer.box);
      if (writer === reader || seenId === undefined) continue;
      writer.readOutbox.set(chat.key, Math.max(writer.readOutbox.get(chat.key) ?? 0, seenId));
      const outbox = writer.box.record({ kind: 'read-outbox', chat, maxId: seenId }, 1);
      this.publisher.publish({ user: writer, entry: outbox });
    }
  }

  private copiesOf(chat: WorldChat): Copy[] {
    const members = this.world.membersOf(chat);
    if (isChannelChat(chat)) return [{ users: members, box: chat.box, channel: chat }];
    return members.map((user) => ({ users: [user], box: user.box, channel: undefined }));
  }

  private publish(copy: Copy, entry: WorldEntry | undefined, exceptAuthKeyId?: string): void {
    if (!entry) return;
    for (const user of copy.users) this.publisher.publish({ user, channel: copy.channel, entry }, exceptAuthKeyId);
  }
}
