import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { PermanentError } from '../errors.js';
import type { AddressBook } from './address-book.js';
import { lacksAccess, type Peer, UNKNOWN_ACCESS_HASH } from './peer.js';
import { type Call, requestMessage } from './request-messages.js';

export interface FindChatDeps {
  call: Call;
  /** Learns from every answer by itself. */
  book: AddressBook;
}

/** See `TelegramGateway.findChat`. */
export async function findChat(
  { call, book }: FindChatDeps,
  { chat, messageId }: { chat: Peer; messageId?: number },
  signal: AbortSignal,
): Promise<Peer> {
  const looks = [
    // Outside of channels a message is read without naming its chat, and brings the people of the chat along.
    async () => (chat.kind === 'user' && messageId !== undefined ? requestMessage(call, chat, messageId, signal) : undefined),
    async () => call(newestDialogs(), signal),
  ];
  for (const look of looks) {
    const known = inBook(chat, book);
    if (!lacksAccess(known)) return known;
    try {
      await look();
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
    }
  }
  return inBook(chat, book);
}

function newestDialogs(): Api.messages.GetDialogs {
  const offsetPeer = new Api.InputPeerEmpty();
  return new Api.messages.GetDialogs({ offsetDate: 0, offsetId: 0, offsetPeer, limit: 100, hash: returnBigInt(0) });
}

function inBook(chat: Peer, book: AddressBook): Peer {
  if (chat.kind === 'user') return book.user(chat.id);
  if (chat.kind === 'channel') return { ...chat, accessHash: book.channel(chat.id)?.accessHash ?? UNKNOWN_ACCESS_HASH };
  return chat;
}
