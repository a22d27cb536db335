import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import type { Peer } from './peer.js';

/** A peer as requests take it. Built from what the job carries, so no lookup of the library's is ever needed. */
export function inputPeer(peer: Peer): Api.TypeInputPeer {
  switch (peer.kind) {
    case 'user':
      return new Api.InputPeerUser({ userId: returnBigInt(peer.id), accessHash: returnBigInt(peer.accessHash) });
    case 'group':
      return new Api.InputPeerChat({ chatId: returnBigInt(peer.id) });
    case 'channel':
      return new Api.InputPeerChannel({ channelId: returnBigInt(peer.id), accessHash: returnBigInt(peer.accessHash) });
  }
}

/** A supergroup or broadcast channel, for the methods of `channels.*`. */
export function inputChannel(peer: Extract<Peer, { kind: 'channel' }>): Api.InputChannel {
  return new Api.InputChannel({ channelId: returnBigInt(peer.id), accessHash: returnBigInt(peer.accessHash) });
}

/** A person, for the methods of `users.*`. */
export function inputUser(peer: Extract<Peer, { kind: 'user' }>): Api.InputUser {
  return new Api.InputUser({ userId: returnBigInt(peer.id), accessHash: returnBigInt(peer.accessHash) });
}
