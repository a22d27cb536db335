import { isChannelChat } from '../world/model.js';
import type { Guise, MediaKind, SandboxEntity, WorldChat, WorldDocument, WorldMessage, WorldUser } from '../world/model.js';
import type { Messenger } from '../world/messenger.js';
import { tlTypingAction } from '../world/tl/updates.js';
import type { World } from '../world/world.js';
import { messageView } from './views.js';
import type { SandboxChat, SandboxMessage, SandboxUser } from './views.js';

/** A person by what `addUser` gave or by id. */
export type UserRef = Pick<SandboxUser, 'id'> | string;
/** A chat by what `addGroup` … gave, by its key, or, as the private chat with them, a person. */
export type ChatRef = Pick<SandboxChat, 'key'> | SandboxUser | string;
/** A message by what sending it gave, or by its key. */
export type MessageRef = Pick<SandboxMessage, 'key'> | number;

interface Addressed {
  from: UserRef;
  to: ChatRef;
  replyTo?: MessageRef;
  viaBot?: UserRef;
  /** Written in the name of this channel, or of the supergroup itself: an anonymous admin. */
  as?: ChatRef;
  /** A bot wrote it that `from` lets write in their name. */
  businessBot?: UserRef;
  /** Telegram sent it at the time that was set. */
  scheduled?: true;
  attached?: NonNullable<Guise['attached']>;
  /** A piece of the message that it answers. */
  quote?: string;
  /** The keyboard that a bot puts below the chat. */
  keyboard?: string[];
}

export interface TextToSend extends Addressed {
  text: string;
  entities?: SandboxEntity[];
}

export interface MediaToSend extends Addressed {
  bytes: Buffer;
  /** The size that messages tell, where it is not that of `bytes`. */
  claimedBytes?: number;
  mimeType?: string;
  durationSec: number;
  waveform?: Buffer;
  /** Where the file is stored; 2 by default. */
  dc?: 2 | 4;
  caption?: string;
  fileName?: string;
  title?: string;
  performer?: string;
  width?: number;
  height?: number;
}

const MIME_TYPES: Record<MediaKind, string> = {
  voice: 'audio/ogg',
  'video-note': 'video/mp4',
  audio: 'audio/mpeg',
  video: 'video/mp4',
  file: 'application/octet-stream',
  photo: 'image/png',
};

/** People doing things, each as from a device that nobody watches: all their real devices hear of it. */
export class Scenario {
  constructor(private readonly deps: { world: World; messenger: Messenger }) {}

  text(message: TextToSend): SandboxMessage {
    const { text, entities = [] } = message;
    return this.post(message, { text, entities });
  }

  voice(message: MediaToSend): SandboxMessage {
    return this.media('voice', message);
  }

  videoNote(message: MediaToSend): SandboxMessage {
    return this.media('video-note', message);
  }

  audio(message: MediaToSend): SandboxMessage {
    return this.media('audio', message);
  }

  video(message: MediaToSend): SandboxMessage {
    return this.media('video', message);
  }

  file(message: MediaToSend): SandboxMessage {
    return this.media('file', message);
  }

  media(kind: MediaKind, { dc, caption, bytes, ...message }: MediaToSend): SandboxMessage {
    const { durationSec, claimedBytes, waveform, fileName, title, performer, width, height, ...addressed } = message;
    const media = this.deps.world.documents.add({
      kind,
      bytes,
      durationSec,
      mimeType: message.mimeType ?? MIME_TYPES[kind],
      ...(dc === undefined ? {} : { dcId: dc }),
      ...(claimedBytes === undefined ? {} : { claimedBytes }),
      ...(waveform ? { waveform } : {}),
      ...(fileName === undefined ? {} : { fileName }),
      ...(title === undefined ? {} : { title }),
      ...(performer === undefined ? {} : { performer }),
      ...(width === undefined ? {} : { width }),
      ...(height === undefined ? {} : { height }),
    });
    return this.post(addressed, { text: caption ?? '', entities: [], media });
  }

  forward({ from, to, message }: { from: UserRef; to: ChatRef; message: MessageRef }): SandboxMessage {
    const source = this.message(message);
    const forward = source.forward ?? { fromUserId: source.fromUserId, dateSec: source.dateSec };
    const { text, entities, media } = source;
    return this.post({ from, to }, { text, entities, ...(media ? { media } : {}), forward });
  }

  edit(message: MessageRef, content: { text: string; entities?: SandboxEntity[] }): SandboxMessage {
    const edited = this.message(message);
    this.deps.messenger.edit(edited, { text: content.text, entities: content.entities ?? [] });
    return messageView(this.deps.world, edited);
  }

  /** For everybody, or, in private chats and basic groups, only for `onlyFor`. */
  delete(message: MessageRef, { onlyFor }: { onlyFor?: UserRef } = {}): void {
    const { world, messenger } = this.deps;
    const gone = this.message(message);
    messenger.delete([gone], onlyFor === undefined ? world.membersOf(gone.chat) : [this.user(onlyFor)]);
  }

  /** The update of the message's arrival, or of its last edit, comes once more. */
  deliverAgain(message: MessageRef, what: 'new' | 'edit' = 'new'): void {
    this.deps.messenger.announceAgain(this.message(message), what);
  }

  /** The server tells of an edit although nobody changed the text: a preview has come, or a reaction. */
  touch(message: MessageRef): void {
    this.deps.messenger.touch(this.message(message));
  }

  typing({ from, to }: { from: UserRef; to: ChatRef }): void {
    const user = this.user(from);
    this.deps.messenger.typing(this.chat(to, user), user, tlTypingAction());
  }

  /** Everything in the chat is read by this user. */
  read({ by, in: chatRef }: { by: UserRef; in: ChatRef }): void {
    const user = this.user(by);
    const chat = this.chat(chatRef, user);
    this.deps.messenger.read(chat, user, this.deps.world.boxOf(chat, user).topId);
  }

  user(ref: UserRef): WorldUser {
    return this.deps.world.user(typeof ref === 'string' ? ref : ref.id);
  }

  /** @param viewer whose private chat a person stands for. */
  chat(ref: ChatRef, viewer: WorldUser): WorldChat {
    const { world } = this.deps;
    if (typeof ref !== 'string' && !('key' in ref)) return world.privateChat(viewer.id, ref.id);
    const key = typeof ref === 'string' ? ref : ref.key;
    const chat = world.chats.get(key);
    if (chat) return chat;
    if (world.users.has(key)) return world.privateChat(viewer.id, key);
    throw new RangeError(`The sandbox has no chat ${key}`);
  }

  message(ref: MessageRef): WorldMessage {
    const key = typeof ref === 'number' ? ref : ref.key;
    const message = this.deps.world.messages[key - 1];
    if (!message) throw new RangeError(`The sandbox has no message ${key}`);
    return message;
  }

  private guise({ as, businessBot, scheduled, attached, quote, keyboard }: Omit<Addressed, 'from' | 'to'>, user: WorldUser): Guise | undefined {
    const writer = as === undefined ? undefined : this.chat(as, user);
    if (writer !== undefined && !isChannelChat(writer)) throw new RangeError('Only a channel or supergroup can be written as');
    const guise = {
      ...(writer && { as: writer }),
      ...(businessBot !== undefined && { businessBotId: this.user(businessBot).id }),
      ...(scheduled && { scheduled }),
      ...(attached && { attached }),
      ...(quote !== undefined && { quote }),
      ...(keyboard && { keyboard }),
    };
    return Object.keys(guise).length === 0 ? undefined : guise;
  }

  private post(
    { from, to, replyTo, viaBot, ...guise }: Addressed,
    content: {
      text: string;
      entities: SandboxEntity[];
      media?: WorldDocument;
      forward?: { fromUserId: string; dateSec: number };
    },
  ): SandboxMessage {
    const user = this.user(from);
    const worn = this.guise(guise, user);
    const message = this.deps.messenger.send({
      ...content,
      chat: this.chat(to, user),
      from: user,
      ...(replyTo === undefined ? {} : { replyTo: this.message(replyTo) }),
      ...(viaBot === undefined ? {} : { viaBotId: this.user(viaBot).id }),
      ...(worn === undefined ? {} : { guise: worn }),
    });
    return messageView(this.deps.world, message);
  }
}
