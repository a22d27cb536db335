import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import { isChannelChat } from '../model.js';
import type { WorldChat, WorldMessage } from '../model.js';
import { matchesFilter } from '../message-filter.js';
import { pageOf } from '../message-page.js';
import type { PageQuery } from '../message-page.js';
import { tlDialog } from '../tl/dialogs.js';
import { Mentions } from '../tl/mentions.js';
import { idOf, tlMessage } from '../tl/messages.js';
import { tlState } from './update-methods.js';

/** Most that one answer brings. */
const PAGE_MAX = 100;
/** The folder of archived chats; the sandbox archives none. */
const ARCHIVE_FOLDER = 1;

/** Reading what has been said. */
export const historyMethods: Methods<UserCall> = {
  'messages.GetHistory': (request, call) => {
    const chat = call.peers.chat(call.user, request.peer);
    return answerPage(call, chat, newestFirst(call, chat), request);
  },

  'messages.Search': (request, call) => {
    const chat = call.peers.chat(call.user, request.peer);
    const from = request.fromId ? call.peers.user(call.user, request.fromId) : undefined;
    const found = newestFirst(call, chat).filter(
      (message) =>
        matchesFilter(message, request.filter) &&
        message.text.toLowerCase().includes(request.q.toLowerCase()) &&
        (!request.fromId || message.fromUserId === from?.id) &&
        (request.minDate === 0 || message.dateSec > request.minDate) &&
        (request.maxDate === 0 || message.dateSec < request.maxDate),
    );
    const { offsetId, addOffset, limit, maxId, minId } = request;
    return answerPage(call, chat, found, { offsetId, offsetDate: 0, addOffset, limit, maxId, minId });
  },

  'messages.GetMessages': ({ id }, call) => {
    const { user } = call;
    const found = id.map((input) => user.box.get(messageIdOf(input)));
    return answerByIds(call, id, found, undefined);
  },

  'channels.GetMessages': ({ channel: input, id }, call) => {
    const channel = call.peers.channel(call.user, input);
    return answerByIds(call, id, id.map((each) => channel.box.get(messageIdOf(each))), channel);
  },

  'messages.GetDialogs': (request, call) => {
    const rows = request.folderId === ARCHIVE_FOLDER ? [] : dialogRows(call);
    const start = isEmptyPeer(request.offsetPeer)
      ? rows.findIndex((row) => request.offsetDate === 0 || row.lastSec < request.offsetDate)
      : rows.findIndex(({ chat }) => chat === call.peers.chat(call.user, request.offsetPeer)) + 1;
    const begin = start === -1 ? rows.length : start;
    const page = rows.slice(begin, begin + Math.min(request.limit || PAGE_MAX, PAGE_MAX));
    const content = tlDialogs(call, page.map(({ chat }) => chat));
    return page.length === rows.length
      ? new Api.messages.Dialogs(content)
      : new Api.messages.DialogsSlice({ ...content, count: rows.length });
  },

  'messages.GetPeerDialogs': ({ peers: inputs }, call) => {
    const chats = inputs.map((input) => {
      if (!(input instanceof Api.InputDialogPeer)) throw new RpcFault(400, 'PEER_ID_INVALID');
      return call.peers.chat(call.user, input.peer);
    });
    return new Api.messages.PeerDialogs({ ...tlDialogs(call, chats), state: tlState(call, call.user.box.pts) });
  },

  'messages.ReadHistory': ({ peer, maxId }, { world, user, peers, messenger, caller }) => {
    const chat = peers.chat(user, peer);
    if (isChannelChat(chat)) throw new RpcFault(400, 'PEER_ID_INVALID');
    const before = user.box.pts;
    const upTo = maxId === 0 ? world.boxOf(chat, user).topId : maxId;
    messenger.read(chat, user, upTo, caller.authKeyId);
    return new Api.messages.AffectedMessages({ pts: user.box.pts, ptsCount: user.box.pts - before });
  },

  'channels.ReadHistory': ({ channel: input, maxId }, { user, peers, messenger, caller }) => {
    const channel = peers.channel(user, input);
    messenger.read(channel, user, maxId === 0 ? channel.box.topId : maxId, caller.authKeyId);
    return true;
  },

  'messages.ReadMessageContents': (_request, { user }) =>
    new Api.messages.AffectedMessages({ pts: user.box.pts, ptsCount: 0 }),

  'channels.ReadMessageContents': (request, { user, peers }) => {
    peers.channel(user, request.channel);
    return true;
  },
};

function newestFirst({ world, user }: UserCall, chat: WorldChat): WorldMessage[] {
  return world.messagesOf(chat, user).reverse();
}

function answerPage(call: UserCall, chat: WorldChat, messages: readonly WorldMessage[], request: PageQuery) {
  const { world, user } = call;
  const numbered = messages.map((message) => ({ id: idOf(world, user, message), dateSec: message.dateSec, message }));
  const page = pageOf(numbered, { ...request, limit: Math.min(request.limit, PAGE_MAX) });
  const content = tlMessages(call, page.items.map(({ message }) => message));
  if (isChannelChat(chat)) {
    return new Api.messages.ChannelMessages({ ...content, pts: chat.box.pts, count: page.total });
  }
  return page.items.length === page.total
    ? new Api.messages.Messages(content)
    : new Api.messages.MessagesSlice({ ...content, count: page.total });
}

/** In the order of the question; ids that are not there come back as empty messages. */
function answerByIds(
  call: UserCall,
  inputs: readonly Api.TypeInputMessage[],
  found: readonly (WorldMessage | undefined)[],
  channel: WorldChat | undefined,
) {
  const { world, user } = call;
  const content = tlMessages(call, found.filter((message) => message !== undefined));
  const messages = inputs.map((input, index) => {
    const message = found[index];
    return message ? tlMessage(world, user, message) : new Api.MessageEmpty({ id: messageIdOf(input) });
  });
  if (channel && isChannelChat(channel)) {
    const count = messages.length;
    return new Api.messages.ChannelMessages({ ...content, messages, pts: channel.box.pts, count });
  }
  return new Api.messages.Messages({ ...content, messages });
}

function messageIdOf(input: unknown): number {
  if (input instanceof Api.InputMessageID || input instanceof Api.InputMessageReplyTo) return input.id;
  throw new RpcFault(400, 'MESSAGE_ID_INVALID');
}

function tlMessages({ world, user }: UserCall, messages: readonly WorldMessage[]) {
  const mentions = new Mentions(world, user);
  for (const message of messages) mentions.message(message);
  // Later layers than GramJS's want `topics` in every list of messages; where a class does not know it, it is passed over.
  const topics: Api.TypeForumTopic[] = [];
  return { messages: messages.map((message) => tlMessage(world, user, message)), topics, ...mentions.tl() };
}

function tlDialogs(call: UserCall, chats: readonly WorldChat[]) {
  const { world, user } = call;
  const mentions = new Mentions(world, user);
  const last = chats.flatMap((chat) => world.messagesOf(chat, user).at(-1) ?? []);
  for (const chat of chats) mentions.chat(chat);
  for (const message of last) mentions.message(message);
  return {
    dialogs: chats.map((chat) => tlDialog(world, user, chat)),
    messages: last.map((message) => tlMessage(world, user, message)),
    ...mentions.tl(),
  };
}

/** Chats with anything in them, the one that was last spoken in first. */
function dialogRows({ world, user }: UserCall): { chat: WorldChat; lastSec: number }[] {
  const rows = world.chatsOf(user).flatMap((chat) => {
    const last = world.messagesOf(chat, user).at(-1);
    if (last) return [{ chat, lastSec: last.dateSec }];
    return chat.kind === 'private' ? [] : [{ chat, lastSec: chat.dateSec }];
  });
  return rows.sort((a, b) => b.lastSec - a.lastSec);
}

function isEmptyPeer(peer: unknown): boolean {
  return peer instanceof Api.InputPeerEmpty;
}
