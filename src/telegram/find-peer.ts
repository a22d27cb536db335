import { Api } from 'telegram';
import { PermanentError } from '../errors.js';
import { findChat, type FindChatDeps } from './find-chat.js';
import { inputUser } from './input-peer.js';
import { lacksAccess, type Peer, UNKNOWN_ACCESS_HASH } from './peer.js';
import { rpcErrorCode } from './rpc-errors.js';
import type { NamedChat, Person } from './telegram-gateway.js';

/** See `TelegramGateway.findPeer`. */
export async function findPeer(
  deps: FindChatDeps & { selfId: string },
  { kind, id }: Pick<Peer, 'kind' | 'id'>,
  signal: AbortSignal,
): Promise<Peer | undefined> {
  if (kind === 'group') return { kind, id };
  // The account itself needs no hash, and is not among its own chats as long as Saved Messages are empty.
  if (kind === 'user' && id === deps.selfId) return deps.book.user(id);
  const found = await findChat(deps, { chat: { kind, id, accessHash: UNKNOWN_ACCESS_HASH } }, signal);
  return lacksAccess(found) ? undefined : found;
}

/** See `TelegramGateway.findPersonById`. */
export async function findPersonById({ call, book }: FindChatDeps, id: string, signal: AbortSignal): Promise<Person | undefined> {
  const known = book.person(id);
  if (known !== undefined) return known;
  try {
    await call(new Api.users.GetUsers({ id: [inputUser({ kind: 'user', id, accessHash: UNKNOWN_ACCESS_HASH })] }), signal);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
  }
  return book.person(id);
}

/** See `TelegramGateway.findPersonByUsername`. */
export async function findPersonByUsername(deps: FindChatDeps, username: string, signal: AbortSignal): Promise<Person | undefined> {
  const peer = await resolve(deps, username, signal);
  return peer instanceof Api.PeerUser ? deps.book.person(peer.userId.toString()) : undefined;
}

/** See `TelegramGateway.findChatByUsername`. */
export async function findChatByUsername(deps: FindChatDeps, username: string, signal: AbortSignal): Promise<NamedChat | undefined> {
  const peer = await resolve(deps, username, signal);
  if (!(peer instanceof Api.PeerChannel)) return undefined;
  const id = peer.channelId.toString();
  const { accessHash, broadcast, title } = deps.book.channel(id) ?? {};
  if (accessHash === undefined || accessHash === UNKNOWN_ACCESS_HASH) return undefined;
  return { peer: { kind: 'channel', id, accessHash }, title: title ?? username, broadcast: broadcast ?? false };
}

/** Who has this name; the book learns what Telegram says of them. */
async function resolve({ call }: FindChatDeps, username: string, signal: AbortSignal): Promise<Api.TypePeer | undefined> {
  try {
    return (await call(new Api.contacts.ResolveUsername({ username }), signal)).peer;
  } catch (error) {
    const code = rpcErrorCode(error instanceof Error ? error.cause : undefined);
    if (code === 'USERNAME_NOT_OCCUPIED' || code === 'USERNAME_INVALID') return undefined;
    throw error;
  }
}
