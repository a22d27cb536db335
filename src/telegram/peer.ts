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
