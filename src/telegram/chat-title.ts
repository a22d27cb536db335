import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { PermanentError } from '../errors.js';
import { oneLine } from '../printable.js';
import type { AddressBook } from './address-book.js';
import { inputChannel } from './input-peer.js';
import type { Peer } from './peer.js';
import type { Call } from './request-messages.js';

/** See `TelegramGateway.chatTitle`. */
export async function chatTitle({ call, book }: { call: Call; book: AddressBook }, chat: Exclude<Peer, { kind: 'user' }>, signal: AbortSignal): Promise<string | undefined> {
  const known = chat.kind === 'channel' ? book.channel(chat.id)?.title : undefined;
  if (known !== undefined) return known;
  const request =
    chat.kind === 'channel'
      ? new Api.channels.GetChannels({ id: [inputChannel(chat)] })
      : new Api.messages.GetChats({ id: [returnBigInt(chat.id)] });
  try {
    const found = (await call(request, signal)).chats.find(({ id }) => id.toString() === chat.id);
    return found === undefined || !('title' in found) ? undefined : oneLine(found.title) || undefined;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return undefined;
  }
}
