import { Api } from 'telegram';
import { type AddressBook, UNKNOWN_ACCESS_HASH } from './address-book.js';
import type { ChannelPeer, LineId, LiveEvent, News } from './update-source.js';

type Placed = Pick<LiveEvent, 'place' | 'channel'>;

/**
 * Where an update stands in its line; empty where it stands in none. Posts of broadcast channels are nobody's voices, so
 * their lines are not followed.
 */
export function placeOf(update: object, book: AddressBook): Placed {
  if (!('pts' in update && 'ptsCount' in update)) return {};
  const { pts, ptsCount } = update;
  if (typeof pts !== 'number' || typeof ptsCount !== 'number') return {};
  const channelId = channelIdOf(update);
  if (channelId === undefined) return { place: { line: 'common', pts, ptsCount } };
  if (book.channel(channelId)?.broadcast === true) return {};
  return { place: { line: lineOf(channelId), pts, ptsCount }, ...knownChannel(channelId, book) };
}

/** Whether the update says that there is more than it tells. */
export function newsOf(update: unknown, book: AddressBook): News | undefined {
  if (update instanceof Api.UpdatesTooLong || update instanceof Api.UpdatePtsChanged) return { line: 'common' };
  if (!(update instanceof Api.UpdateChannelTooLong)) return undefined;
  return channelNews(update.channelId.toString(), update.pts ?? undefined, book);
}

/** Undefined for broadcast channels. */
export function channelNews(id: string, pts: number | undefined, book: AddressBook): News | undefined {
  if (book.channel(id)?.broadcast === true) return undefined;
  return { line: lineOf(id), ...knownChannel(id, book), ...(pts === undefined ? {} : { pts }) };
}

/** The channel that an update speaks of, or undefined where it belongs to the account's own line. */
export function channelIdOf(update: object): string | undefined {
  if ('channelId' in update) return String(update.channelId);
  if (!('message' in update) || typeof update.message !== 'object') return undefined;
  const { message } = update;
  const hasPeer = message instanceof Api.Message || message instanceof Api.MessageService || message instanceof Api.MessageEmpty;
  return hasPeer && message.peerId instanceof Api.PeerChannel ? message.peerId.channelId.toString() : undefined;
}

/** The channel as requests take it, where its access hash is known. */
export function knownChannel(id: string, book: AddressBook): { channel?: ChannelPeer } {
  const accessHash = book.channel(id)?.accessHash ?? UNKNOWN_ACCESS_HASH;
  return accessHash === UNKNOWN_ACCESS_HASH ? {} : { channel: { kind: 'channel', id, accessHash } };
}

export function lineOf(channelId: string): LineId {
  return `c${channelId}`;
}
