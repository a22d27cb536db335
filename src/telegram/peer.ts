/**
 * A chat or person as Telegram must be told of it, in a form that survives a restart: ids and access hash are decimal
 * strings (64-bit). `group` is a basic group, `channel` a supergroup or broadcast channel.
 */
export type Peer =
  | { kind: 'user'; id: string; accessHash: string }
  | { kind: 'group'; id: string }
  | { kind: 'channel'; id: string; accessHash: string };

/** The id of a chat as one short string without a colon, unique over the three kinds: `u1`, `g1`, `c1`. */
export function peerKey(peer: Pick<Peer, 'kind' | 'id'>): string {
  return `${peer.kind.charAt(0)}${peer.id}`;
}

/** What stands for an access hash that is not known; Telegram takes it for contacts only. */
export const UNKNOWN_ACCESS_HASH = '0';

/** True where answering in this chat needs an access hash that is not known yet. */
export function lacksAccess(chat: Peer): boolean {
  return chat.kind !== 'group' && chat.accessHash === UNKNOWN_ACCESS_HASH;
}
