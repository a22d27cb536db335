import { Api } from 'telegram';
import type { AddressBook } from './address-book.js';
import type { IncomingMessage } from './incoming-message.js';
import { inputChannel } from './input-peer.js';
import { channelIdOf, channelNews, newsOf } from './map-place.js';
import { messageUpdateOf } from './map-update.js';
import type { Call } from './request-messages.js';
import { rpcErrorCode } from './rpc-errors.js';
import type { ChannelDifference, ChannelPeer, CommonState, Difference, News } from './update-source.js';

export interface DifferenceDeps {
  call: Call;
  book: AddressBook;
  /** The signed-in user's id. */
  selfId: string;
  /** A message that was missed, in our own terms; undefined where it is none of the program's business. */
  map: (message: Api.TypeMessage) => IncomingMessage | undefined;
}

/** Most that Telegram gives a person's account at once. */
const CHANNEL_LIMIT = 100;

/** States that Telegram does not take: it then knows nothing of what happened since. */
const STATE_REFUSED: ReadonlySet<string> = new Set([
  'PERSISTENT_TIMESTAMP_EMPTY',
  'PERSISTENT_TIMESTAMP_INVALID',
  'DATE_EMPTY',
]);

const CHANNEL_GONE: ReadonlySet<string> = new Set(['CHANNEL_PRIVATE', 'CHANNEL_INVALID', 'USER_BANNED_IN_CHANNEL']);

export async function requestState(call: Call, signal: AbortSignal): Promise<CommonState> {
  return stateOf(await call(new Api.updates.GetState(), signal));
}

/** One part of what happened on the common line since a state. */
export async function requestDifference(
  deps: DifferenceDeps,
  { pts, qts, dateSec }: CommonState,
  signal: AbortSignal,
): Promise<Difference> {
  let answer: Api.updates.TypeDifference;
  try {
    answer = await deps.call(new Api.updates.GetDifference({ pts, qts, date: dateSec }), signal);
  } catch (error) {
    if (STATE_REFUSED.has(codeOf(error))) return { kind: 'too-long' };
    throw error;
  }
  if (answer instanceof Api.updates.DifferenceTooLong) return { kind: 'too-long' };
  if (answer instanceof Api.updates.DifferenceEmpty) return { kind: 'empty', dateSec: answer.date, seq: answer.seq };
  return {
    kind: 'part',
    messages: messagesIn(answer, deps),
    news: answer.otherUpdates.flatMap((update) => newsIn(update, deps.book)),
    state: stateOf(answer instanceof Api.updates.Difference ? answer.state : answer.intermediateState),
    isLast: answer instanceof Api.updates.Difference,
  };
}

/** One part of what happened in a supergroup since a state. */
export async function requestChannelDifference(
  deps: DifferenceDeps,
  channel: ChannelPeer,
  pts: number,
  signal: AbortSignal,
): Promise<ChannelDifference> {
  const request = new Api.updates.GetChannelDifference({
    channel: inputChannel(channel),
    filter: new Api.ChannelMessagesFilterEmpty(),
    pts,
    limit: CHANNEL_LIMIT,
  });
  let answer: Api.updates.TypeChannelDifference;
  try {
    answer = await deps.call(request, signal);
  } catch (error) {
    const code = codeOf(error);
    if (CHANNEL_GONE.has(code)) return { kind: 'gone' };
    if (STATE_REFUSED.has(code)) return { kind: 'too-long', pts: (await requestPts(deps.call, channel, signal)) ?? pts };
    throw error;
  }
  if (answer instanceof Api.updates.ChannelDifferenceTooLong) {
    const { dialog } = answer;
    return { kind: 'too-long', pts: (dialog instanceof Api.Dialog ? dialog.pts : undefined) ?? pts };
  }
  if (answer instanceof Api.updates.ChannelDifferenceEmpty) {
    return { kind: 'part', messages: [], pts: answer.pts, isLast: true };
  }
  return { kind: 'part', messages: messagesIn(answer, deps), pts: answer.pts, isLast: answer.final === true };
}

/** How far a supergroup is by now. */
async function requestPts(call: Call, channel: ChannelPeer, signal: AbortSignal): Promise<number | undefined> {
  const { fullChat } = await call(new Api.channels.GetFullChannel({ channel: inputChannel(channel) }), signal);
  return fullChat instanceof Api.ChannelFull ? fullChat.pts : undefined;
}

/** The missed messages, without those that this client sent itself: Telegram names these by their random ids. */
function messagesIn(
  answer: { newMessages: Api.TypeMessage[]; otherUpdates: Api.TypeUpdate[] },
  { map, selfId }: DifferenceDeps,
): IncomingMessage[] {
  const { newMessages, otherUpdates } = answer;
  const own = new Set(otherUpdates.flatMap((update) => (update instanceof Api.UpdateMessageID ? [update.id] : [])));
  const told = otherUpdates.flatMap((update) => {
    const found = messageUpdateOf(update, selfId);
    return found === undefined || found.edited ? [] : [found.message];
  });
  return [...newMessages, ...told].flatMap((message) => {
    const mapped = map(message);
    return mapped === undefined || (mapped.outgoing && own.has(mapped.messageId)) ? [] : [mapped];
  });
}

/** An event of a supergroup among the account's own says that there is something to ask the supergroup for. */
function newsIn(update: Api.TypeUpdate, book: AddressBook): News[] {
  const news = newsOf(update, book);
  if (news !== undefined) return news.line === 'common' ? [] : [news];
  const isEvent = 'pts' in update && 'ptsCount' in update;
  const channelId = isEvent ? channelIdOf(update) : undefined;
  const told = channelId === undefined ? undefined : channelNews(channelId, (update as { pts: number }).pts, book);
  return told === undefined ? [] : [told];
}

function stateOf({ pts, qts, date, seq }: Api.updates.TypeState): CommonState {
  return { pts, qts, dateSec: date, seq };
}

function codeOf(error: unknown): string {
  return rpcErrorCode(error instanceof Error ? error.cause : undefined) ?? '';
}
