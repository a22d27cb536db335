import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import type { WorldUser } from '../model.js';
import { long } from '../tl/long.js';
import { Mentions } from '../tl/mentions.js';
import { tlPeer, tlUser } from '../tl/peers.js';

/** Asking who people are. */
export const userMethods: Methods<UserCall> = {
  'users.GetUsers': ({ id }, { world, peers, user }) =>
    id.map((input) => {
      const found = peers.user(user, input);
      // A wrong hash does not fail the call: that one user comes back empty.
      return found ? tlUser(world, user, found) : new Api.UserEmpty({ id: long(idOfInput(input)) });
    }),

  'users.GetFullUser': ({ id }, { world, peers, user }) => {
    const found = peers.user(user, id);
    if (!found) throw new RpcFault(400, 'USER_ID_INVALID');
    return new Api.users.UserFull({
      fullUser: tlUserFull(found),
      ...new Mentions(world, user).user(found.id).tl(),
    });
  },

  'contacts.ResolveUsername': ({ username }, { world, user }) => {
    if (!/^\w{4,32}$/u.test(username)) throw new RpcFault(400, 'USERNAME_INVALID');
    const found = world.byUsername(username);
    if (!found) throw new RpcFault(400, 'USERNAME_NOT_OCCUPIED');
    const mentions = new Mentions(world, user);
    if ('kind' in found) {
      return new Api.contacts.ResolvedPeer({ peer: tlPeer(found, user), ...mentions.chat(found).tl() });
    }
    return new Api.contacts.ResolvedPeer({
      peer: new Api.PeerUser({ userId: long(found.id) }),
      ...mentions.user(found.id).tl(),
    });
  },

  'contacts.GetContacts': (_request, { world, user }) => {
    const mentions = new Mentions(world, user);
    for (const id of user.contacts) mentions.user(id);
    return new Api.contacts.Contacts({
      contacts: [...user.contacts].map(
        (id) => new Api.Contact({ userId: long(id), mutual: world.user(id).contacts.has(user.id) }),
      ),
      savedCount: user.contacts.size,
      users: mentions.tl().users,
    });
  },
};

function tlUserFull(user: WorldUser): Api.UserFull {
  return new Api.UserFull({
    id: long(user.id),
    settings: new Api.PeerSettings({}),
    notifySettings: new Api.PeerNotifySettings({}),
    commonChatsCount: 0,
  });
}

function idOfInput(input: unknown): string {
  const named = input instanceof Api.InputUser || input instanceof Api.InputUserFromMessage;
  return named ? input.userId.toString() : '0';
}
