import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import type { ChannelChat, WorldEntry, WorldUser } from '../model.js';
import { tlDialog } from '../tl/dialogs.js';
import { long } from '../tl/long.js';
import { Mentions } from '../tl/mentions.js';
import { tlMessage } from '../tl/messages.js';
import { mentionEvent, tlMessageId, tlUpdate } from '../tl/updates.js';
import type { World } from '../world.js';

/** How many last messages come with channelDifferenceTooLong. */
const TOO_LONG_MESSAGES = 10;
/** `seq` never moves: everything that the sandbox sends is unordered, `pts` carries the order. */
const SEQ = 1;

/** Catching up with what was missed: core.telegram.org/api/updates, "recovering gaps". */
export const updateMethods: Methods<UserCall> = {
  'updates.GetState': (_request, call) => tlState(call, call.user.box.pts),

  'updates.GetDifference': (request, call) => {
    const { world, user } = call;
    const { box } = user;
    if (request.pts < 1) throw new RpcFault(400, 'PERSISTENT_TIMESTAMP_EMPTY');
    if (request.pts > box.pts) throw new RpcFault(400, 'PERSISTENT_TIMESTAMP_INVALID');
    if (request.date < 1) throw new RpcFault(400, 'DATE_EMPTY');
    const totalLimit = request.ptsTotalLimit ?? Infinity;
    if (request.pts < box.oldestPts || box.pts - request.pts > totalLimit) {
      return new Api.updates.DifferenceTooLong({ pts: box.pts });
    }
    const missed = box.since(request.pts);
    const slice = missed.slice(0, Math.min(request.ptsLimit ?? Infinity, world.differenceLimit));
    const isWhole = slice.length === missed.length;
    const channels = isWhole ? channelsWithNews(world, user, request.date) : [];
    if (missed.length === 0 && channels.length === 0) {
      return new Api.updates.DifferenceEmpty({ date: world.nowSec(), seq: SEQ });
    }
    const content = { ...tlDifference(world, user, slice, { mentioned: channels }), newEncryptedMessages: [] };
    content.otherUpdates.push(...channels.map(tlTooLong));
    const state = tlState(call, isWhole ? box.pts : (slice.at(-1)?.pts ?? box.pts));
    return isWhole
      ? new Api.updates.Difference({ ...content, state })
      : new Api.updates.DifferenceSlice({ ...content, intermediateState: state });
  },

  'updates.GetChannelDifference': (request, { world, user, peers }) => {
    const channel = peers.channel(user, request.channel);
    const { box } = channel;
    if (request.pts < 1) throw new RpcFault(400, 'PERSISTENT_TIMESTAMP_EMPTY');
    if (request.pts > box.pts) throw new RpcFault(400, 'PERSISTENT_TIMESTAMP_INVALID');
    if (request.pts < box.oldestPts) return tlChannelTooLong(world, user, channel);
    const missed = box.since(request.pts);
    if (missed.length === 0) return new Api.updates.ChannelDifferenceEmpty({ final: true, pts: box.pts, timeout: 30 });
    const slice = missed.slice(0, Math.min(Math.max(request.limit, 1), 100, world.differenceLimit));
    const isWhole = slice.length === missed.length;
    return new Api.updates.ChannelDifference({
      final: isWhole,
      pts: isWhole ? box.pts : (slice.at(-1)?.pts ?? box.pts),
      timeout: 30,
      ...tlDifference(world, user, slice, { channel }),
    });
  },
};

/** The state of the user's own box at `pts`. */
export function tlState({ world, user, messenger }: UserCall, pts: number): Api.updates.State {
  const counts = world.chatsOf(user).map((chat) => messenger.unreadCount(chat, user));
  const unreadCount = counts.reduce((sum, count) => sum + count, 0);
  return new Api.updates.State({ pts, qts: 0, date: world.nowSec(), seq: SEQ, unreadCount });
}

/**
 * The events as a difference brings them: messages that still are go to `newMessages` in their latest form, everything
 * else to `otherUpdates`; of messages that came and went only the deletion is told.
 */
function tlDifference(
  world: World,
  viewer: WorldUser,
  entries: readonly WorldEntry[],
  { mentioned = [], channel }: { mentioned?: readonly ChannelChat[]; channel?: ChannelChat },
) {
  const mentions = new Mentions(world, viewer);
  const newMessages: Api.TypeMessage[] = [];
  const otherUpdates: Api.TypeUpdate[] = [];
  const box = channel?.box ?? viewer.box;
  for (const entry of entries) {
    const { event } = entry;
    const isGone = (event.kind === 'new' || event.kind === 'edit') && !box.get(event.id);
    if (isGone) continue;
    mentionEvent(mentions, event);
    if (event.kind === 'new') {
      newMessages.push(tlMessage(world, viewer, event.message));
      otherUpdates.push(...tlMessageId(world, viewer, event.message));
    } else {
      otherUpdates.push(tlUpdate(world, { viewer, channel, entry }));
    }
  }
  for (const each of [...mentioned, ...(channel ? [channel] : [])]) mentions.chat(each);
  return { newMessages, otherUpdates, ...mentions.tl() };
}

/** Channels in which something has happened since; the client then asks each for its own difference. */
function channelsWithNews(world: World, user: WorldUser, sinceSec: number): ChannelChat[] {
  return world.channels().filter((channel) => channel.memberIds.has(user.id) && channel.box.lastEventSec >= sinceSec);
}

function tlTooLong(channel: ChannelChat): Api.UpdateChannelTooLong {
  return new Api.UpdateChannelTooLong({ channelId: long(channel.id), pts: channel.box.pts });
}

function tlChannelTooLong(world: World, viewer: WorldUser, channel: ChannelChat): Api.updates.ChannelDifferenceTooLong {
  const latest = channel.box.messages().slice(-TOO_LONG_MESSAGES).reverse();
  const mentions = new Mentions(world, viewer).chat(channel);
  for (const message of latest) mentions.message(message);
  return new Api.updates.ChannelDifferenceTooLong({
    final: true,
    timeout: 30,
    dialog: tlDialog(world, viewer, channel),
    messages: latest.map((message) => tlMessage(world, viewer, message)),
    ...mentions.tl(),
  });
}
