import { Api } from 'telegram';
import type { AddressBook } from './address-book.js';
import { knownChannel, lineOf, placeOf } from './map-place.js';
import type { LiveEvent } from './update-source.js';

/**
 * How far an answer moves the lines: what this client does is told to its other devices as updates, and to itself only
 * as the answer. Messages are left out: what we wrote ourselves is no news.
 */
export function eventsOfAnswer(request: Api.AnyRequest, answer: unknown, book: AddressBook): LiveEvent[] {
  if (answer instanceof Api.Updates || answer instanceof Api.UpdatesCombined) {
    return answer.updates.map((update) => placeOf(update, book)).filter(({ place }) => place !== undefined);
  }
  if (answer instanceof Api.UpdateShort) return eventsOf(placeOf(answer.update, book));
  if (answer instanceof Api.UpdateShortSentMessage) return eventsOf(placeOf(answer, book));
  if (answer instanceof Api.messages.AffectedMessages || answer instanceof Api.messages.AffectedHistory) {
    return eventsOf(placeOfAffected(request, answer, book));
  }
  return [];
}

function eventsOf(placed: LiveEvent): LiveEvent[] {
  return placed.place === undefined ? [] : [placed];
}

/** The answer does not say which line it speaks of; the question does. */
function placeOfAffected(
  request: Api.AnyRequest,
  { pts, ptsCount }: { pts: number; ptsCount: number },
  book: AddressBook,
): LiveEvent {
  const isInChannel = request instanceof Api.channels.DeleteMessages;
  if (!isInChannel) return { place: { line: 'common', pts, ptsCount } };
  if (!(request.channel instanceof Api.InputChannel)) return {};
  const id = request.channel.channelId.toString();
  if (book.channel(id)?.broadcast === true) return {};
  return { place: { line: lineOf(id), pts, ptsCount }, ...knownChannel(id, book) };
}
