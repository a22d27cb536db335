import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { RpcAnswer } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import { documentOf } from '../input-media.js';
import { isChannelChat } from '../model.js';
import type { WorldChat, WorldMessage } from '../model.js';
import type { NewMessage } from '../messenger.js';
import { checkCaption, checkMessage } from '../text-rules.js';
import { entitiesFromTl, tlEntities } from '../tl/entities.js';
import { Mentions } from '../tl/mentions.js';
import { idOf, isOutgoing, tlMessage } from '../tl/messages.js';
import { tlMessageId, tlUpdates } from '../tl/updates.js';

/** Everything that makes a message. */
export const sendMethods: Methods<UserCall> = {
  'messages.SendMessage': (request, call) => {
    const chat = writableChat(call, request.peer);
    const randomId = randomIdOf(request.randomId);
    const before = call.randomIds.find(call.user, chat, randomId);
    if (before) return answerAgain(call, [before]);
    const message = send(call, randomId, {
      chat,
      ...checkMessage(request.message, entitiesFromTl(request.entities ?? [])),
      ...replyOf(call, chat, request.replyTo),
    });
    return isChannelChat(chat) ? answerWith(call, [message]) : answerShort(call, message);
  },

  'messages.SendMedia': (request, call) => {
    const chat = writableChat(call, request.peer);
    const randomId = randomIdOf(request.randomId);
    const before = call.randomIds.find(call.user, chat, randomId);
    if (before) return answerAgain(call, [before]);
    const caption = checkCaption(request.message, entitiesFromTl(request.entities ?? []));
    const media = documentOf(call, request.media);
    const reply = replyOf(call, chat, request.replyTo);
    return answerWith(call, [send(call, randomId, { chat, media, ...caption, ...reply })]);
  },

  'messages.ForwardMessages': (request, call) => {
    const from = call.peers.chat(call.user, request.fromPeer);
    const to = writableChat(call, request.toPeer);
    const box = call.world.boxOf(from, call.user);
    const sources = request.id.map((id) => box.get(id)).filter((source) => source?.chat === from);
    if (sources.length === 0 || sources.length !== request.id.length) throw new RpcFault(400, 'MESSAGE_ID_INVALID');
    const randomIds = request.randomId.map(randomIdOf);
    if (randomIds.length !== sources.length) throw new RpcFault(400, 'RANDOM_ID_INVALID');
    const known = randomIds.flatMap((randomId) => call.randomIds.find(call.user, to, randomId) ?? []);
    if (known.length > 0) return answerAgain(call, known);
    const sent = sources.flatMap((source, index) =>
      source ? [send(call, randomIds[index] ?? '', { chat: to, ...forwarded(source, request) })] : [],
    );
    return answerWith(call, sent);
  },

  'messages.SetTyping': (request, { peers, user, messenger }) => {
    const chat = peers.chat(user, request.peer);
    peers.assertCanWrite(user, chat);
    messenger.typing(chat, user, request.action);
    return true;
  },
};

function writableChat({ peers, user }: UserCall, peer: unknown): WorldChat {
  const chat = peers.chat(user, peer);
  peers.assertCanWrite(user, chat);
  return chat;
}

function randomIdOf(randomId: { toString(): string } | undefined): string {
  const text = randomId?.toString() ?? '0';
  if (text === '0') throw new RpcFault(400, 'RANDOM_ID_EMPTY');
  return text;
}

function send(call: UserCall, randomId: string, content: Omit<NewMessage, 'from' | 'randomId'>): WorldMessage {
  const { messenger, user, randomIds, caller } = call;
  const message = messenger.send({ ...content, from: user, randomId }, caller.authKeyId);
  randomIds.remember(user, message, randomId);
  return message;
}

/** @throws {RpcFault} MESSAGE_ID_INVALID where the answered message is not in this chat. */
function replyOf({ world, user }: UserCall, chat: WorldChat, replyTo: Api.TypeInputReplyTo | undefined) {
  if (!(replyTo instanceof Api.InputReplyToMessage)) return {};
  const message = world.boxOf(chat, user).get(replyTo.replyToMsgId);
  if (message?.chat !== chat) throw new RpcFault(400, 'REPLY_MESSAGE_ID_INVALID');
  return { replyTo: message };
}

function forwarded(source: WorldMessage, request: Api.messages.ForwardMessages): Omit<NewMessage, 'from' | 'chat'> {
  const origin = source.forward ?? { fromUserId: source.fromUserId, dateSec: source.dateSec };
  const withoutText = source.media !== undefined && request.dropMediaCaptions;
  return {
    text: withoutText ? '' : source.text,
    entities: withoutText ? [] : source.entities,
    ...(source.media ? { media: source.media } : {}),
    ...(request.dropAuthor ? {} : { forward: origin }),
  };
}

/** What a plain text to a person or basic group is answered with: only what the sender does not know yet. */
function answerShort({ world, user }: UserCall, message: WorldMessage): RpcAnswer {
  return new Api.UpdateShortSentMessage({
    out: isOutgoing(message, user),
    id: idOf(world, user, message),
    pts: world.boxOf(message.chat, user).ptsOfNew(message) ?? 0,
    ptsCount: 1,
    date: message.dateSec,
    ...(message.entities.length > 0 ? { entities: tlEntities(message.entities) } : {}),
  });
}

function answerWith(call: UserCall, messages: readonly WorldMessage[], ptsCount = 1): RpcAnswer {
  const { world, user } = call;
  const mentions = new Mentions(world, user);
  const updates: Api.TypeUpdate[] = messages.flatMap((message) => tlMessageId(world, user, message));
  for (const message of messages) {
    const box = world.boxOf(message.chat, user);
    const pts = box.ptsOfNew(message);
    if (pts === undefined || !box.get(idOf(world, user, message))) continue;
    const content = { message: tlMessage(world, user, message), pts, ptsCount };
    const isInChannel = isChannelChat(message.chat);
    updates.push(isInChannel ? new Api.UpdateNewChannelMessage(content) : new Api.UpdateNewMessage(content));
    mentions.message(message);
  }
  return tlUpdates(world, updates, mentions);
}

/** A `random_id` that was used before: see `RandomIds`. A message that is deleted by now is only named. */
function answerAgain(call: UserCall, messages: readonly WorldMessage[]): RpcAnswer {
  return answerWith(call, messages, 0);
}
