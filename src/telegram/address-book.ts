import { Api } from 'telegram';
import { oneLine } from '../printable.js';
import { type Peer, UNKNOWN_ACCESS_HASH } from './peer.js';
import type { Person } from './telegram-gateway.js';

export { UNKNOWN_ACCESS_HASH };

/** A supergroup or broadcast channel, as far as messages in it need it. */
export interface KnownChannel {
  accessHash: string;
  broadcast: boolean;
  title: string;
}

interface KnownUser {
  accessHash: string;
  name: string;
  username?: string;
}

const CAPACITY = 10_000;

/** A map that forgets what was used longest ago. */
class RecentMap<V> {
  private readonly entries = new Map<string, V>();

  constructor(private readonly capacity: number) {}

  get(key: string): V | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.capacity) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}

/**
 * Who and what this account has met: filled from every update and answer, at most `capacity` users and as many
 * channels. Telegram shows some people of a group only in a `min` form, whose access hash is good for their picture
 * and nothing else: such a hash is never taken, and never replaces a real one.
 */
export class AddressBook {
  private readonly users: RecentMap<KnownUser>;
  private readonly channels: RecentMap<KnownChannel>;

  constructor(capacity = CAPACITY) {
    this.users = new RecentMap(capacity);
    this.channels = new RecentMap(capacity);
  }

  /** Takes the people and channels out of anything that the client library read: updates, answers, vectors of either. */
  learn(value: unknown): void {
    if (value instanceof Api.User) this.learnUser(value);
    else if (value instanceof Api.Channel || value instanceof Api.ChannelForbidden) this.learnChannel(value);
    else if (Array.isArray(value)) value.forEach((item) => this.learn(item));
    else if (typeof value === 'object' && value !== null) {
      if ('users' in value && Array.isArray(value.users)) this.learn(value.users);
      if ('chats' in value && Array.isArray(value.chats)) this.learn(value.chats);
      if ('user' in value && value.user instanceof Api.User) this.learnUser(value.user);
    }
  }

  person(id: string): Person | undefined {
    const known = this.users.get(id);
    if (known === undefined) return undefined;
    const { accessHash, name, username } = known;
    return { peer: { kind: 'user', id, accessHash }, name, ...(username === undefined ? {} : { username }) };
  }

  user(id: string): Extract<Peer, { kind: 'user' }> {
    return { kind: 'user', id, accessHash: this.users.get(id)?.accessHash ?? UNKNOWN_ACCESS_HASH };
  }

  channel(id: string): KnownChannel | undefined {
    return this.channels.get(id);
  }

  private learnUser(user: Api.User): void {
    const id = user.id.toString();
    const known = this.users.get(id);
    if (user.min === true && known !== undefined) return;
    const accessHash = user.min === true ? undefined : user.accessHash?.toString();
    const username = oneLine(user.username ?? activeUsername(user.usernames) ?? '');
    this.users.set(id, {
      accessHash: accessHash ?? known?.accessHash ?? UNKNOWN_ACCESS_HASH,
      // People choose their names freely, and lists and the log have one line for each.
      name: oneLine([user.firstName, user.lastName].filter(Boolean).join(' ')) || username || id,
      ...(username === '' ? {} : { username }),
    });
  }

  private learnChannel(channel: Api.Channel | Api.ChannelForbidden): void {
    const id = channel.id.toString();
    const known = this.channels.get(id);
    const min = channel instanceof Api.Channel && channel.min === true;
    const accessHash = min ? undefined : channel.accessHash?.toString();
    this.channels.set(id, {
      accessHash: accessHash ?? known?.accessHash ?? UNKNOWN_ACCESS_HASH,
      broadcast: channel.broadcast ?? false,
      title: oneLine(channel.title) || id,
    });
  }
}

function activeUsername(usernames: Api.TypeUsername[] | undefined): string | undefined {
  return usernames?.find((one) => one.active === true)?.username;
}

/** The person in a user as Telegram gives it, without a book: for the account itself. */
export function personOf(user: Api.User): Person {
  const book = new AddressBook(1);
  book.learn(user);
  const person = book.person(user.id.toString());
  if (person === undefined) throw new TypeError('a user that was learnt is known');
  return person;
}
