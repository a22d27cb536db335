import { Api } from 'telegram';
import { type AddressBook, UNKNOWN_ACCESS_HASH } from './address-book.js';
import type { ChatKind } from './incoming-message.js';
import type { Peer } from './peer.js';

/**
 * The chat that Telegram names by this peer. An access hash that is not known yet is `UNKNOWN_ACCESS_HASH`; a channel that
 * was never met is a broadcast channel where `isPost` says that its message is a post, else a supergroup.
 */
export function mapChat(peer: Api.TypePeer, book: AddressBook, isPost = false): { chat: Peer; chatKind: ChatKind } {
  if (peer instanceof Api.PeerUser) return { chat: book.user(peer.userId.toString()), chatKind: 'private' };
  if (peer instanceof Api.PeerChat) return { chat: { kind: 'group', id: peer.chatId.toString() }, chatKind: 'group' };
  const id = peer.channelId.toString();
  const { accessHash, broadcast } = book.channel(id) ?? { accessHash: UNKNOWN_ACCESS_HASH, broadcast: isPost };
  return { chat: { kind: 'channel', id, accessHash }, chatKind: broadcast ? 'channel' : 'supergroup' };
}
