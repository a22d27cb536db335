import type { MediaKind, SandboxEntity, WorldChat, WorldMessage, WorldUser } from '../world/model.js';
import { isOutgoing } from '../world/tl/messages.js';
import type { World } from '../world/world.js';

/** A person, as scenarios name them. Plain data, as everything in this file: the same goes over HTTP. */
export interface SandboxUser {
  id: string;
  firstName: string;
  lastName?: string;
  username?: string;
  phone?: string;
}

/** A conversation. */
export interface SandboxChat {
  /** Names it among all chats: `private:1:2`, `group:3`, `channel:4`. */
  key: string;
  kind: WorldChat['kind'];
  /** Telegram's id of a group or channel. */
  id?: string;
  /** Of a private chat: both names. */
  title: string;
  memberIds: string[];
}

export interface SandboxMedia {
  kind: MediaKind;
  documentId: string;
  mimeType: string;
  sizeBytes: number;
  durationSec: number;
  dcId: number;
  fileName?: string;
  /** Base64 of Telegram's 5-bit bars. */
  waveform?: string;
}

/** A message, apart from who looks at it. A picture of the moment at which it was asked for. */
export interface SandboxMessage {
  /** Names it among all messages of the sandbox. */
  key: number;
  chatKey: string;
  fromUserId: string;
  text: string;
  entities: SandboxEntity[];
  dateMs: number;
  editedMs?: number;
  media?: SandboxMedia;
  replyToKey?: number;
  forwardedFromUserId?: string;
  viaBotId?: string;
  /** By user: the id that the message has for them; absent where they do not have it (any more). */
  ids: Record<string, number>;
}

/** A message as one user sees it. */
export interface SeenMessage extends SandboxMessage {
  id: number;
  out: boolean;
  replyToId?: number;
}

export function userView(user: WorldUser): SandboxUser {
  return {
    id: user.id,
    firstName: user.firstName,
    ...(user.lastName === undefined ? {} : { lastName: user.lastName }),
    ...(user.username === undefined ? {} : { username: user.username }),
    ...(user.phone === undefined ? {} : { phone: user.phone }),
  };
}

export function chatView(world: World, chat: WorldChat): SandboxChat {
  const members = world.membersOf(chat);
  const common = { key: chat.key, kind: chat.kind, memberIds: members.map(({ id }) => id) };
  if (chat.kind === 'private') return { ...common, title: members.map((member) => member.firstName).join(', ') };
  return { ...common, id: chat.id, title: chat.title };
}

export function messageView(world: World, message: WorldMessage): SandboxMessage {
  const { media } = message;
  return {
    key: message.key,
    chatKey: message.chat.key,
    fromUserId: message.fromUserId,
    text: message.text,
    entities: message.entities.map((entity) => ({ ...entity })),
    dateMs: message.dateSec * 1000,
    ...(message.editDateSec === undefined ? {} : { editedMs: message.editDateSec * 1000 }),
    ...(media ? { media: mediaView(media) } : {}),
    ...(message.replyTo ? { replyToKey: message.replyTo.key } : {}),
    ...(message.forward ? { forwardedFromUserId: message.forward.fromUserId } : {}),
    ...(message.viaBotId === undefined ? {} : { viaBotId: message.viaBotId }),
    ids: idsOf(world, message),
  };
}

export function seenMessage(world: World, viewer: WorldUser, message: WorldMessage): SeenMessage {
  const box = world.boxOf(message.chat, viewer);
  const replyToId = message.replyTo?.ids.get(box);
  return {
    ...messageView(world, message),
    id: message.ids.get(box) ?? 0,
    out: isOutgoing(message, viewer),
    ...(replyToId === undefined ? {} : { replyToId }),
  };
}

function mediaView(media: NonNullable<WorldMessage['media']>): SandboxMedia {
  return {
    kind: media.kind,
    documentId: media.id,
    mimeType: media.mimeType,
    sizeBytes: media.bytes.length,
    durationSec: media.durationSec,
    dcId: media.dcId,
    ...(media.fileName === undefined ? {} : { fileName: media.fileName }),
    ...(media.waveform ? { waveform: media.waveform.toString('base64') } : {}),
  };
}

function idsOf(world: World, message: WorldMessage): Record<string, number> {
  const ids: Record<string, number> = {};
  for (const member of world.membersOf(message.chat)) {
    const box = world.boxOf(message.chat, member);
    const id = message.ids.get(box);
    if (id !== undefined && box.get(id)) ids[member.id] = id;
  }
  return ids;
}
