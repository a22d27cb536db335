import type { Tracked } from '../../store/tracked-list.js';
import type { Person } from '../../telegram/telegram-gateway.js';
import type { Command } from '../command.js';
import { findPerson } from './find-person.js';

/** Who is tracked, as far as the commands need it. */
export interface TrackedList {
  add(account: string, user: Tracked): Promise<boolean>;
  remove(account: string, userId: string): Promise<boolean>;
  list(account: string): Promise<Tracked[]>;
}

export function trackCommand(tracked: TrackedList, nowMs: () => number): Command {
  return {
    name: 'track',
    usage: '[@name | id]',
    describe: (texts) => texts.track.about,
    run: async (call, texts, signal) => {
      const person = await findPerson(call, texts, signal);
      const user = { id: person.peer.id, name: person.name, sinceMs: nowMs(), ...usernameOf(person) };
      const added = await tracked.add(call.message.accountId, user);
      return added ? texts.track.added(nameOf(user)) : texts.track.already(nameOf(user));
    },
  };
}

export function untrackCommand(tracked: TrackedList): Command {
  return {
    name: 'untrack',
    usage: '[@name | id]',
    describe: (texts) => texts.untrack.about,
    run: async (call, texts, signal) => {
      const account = call.message.accountId;
      // Someone who has vanished from Telegram can still be taken off the list, by id or name.
      const listed = (await tracked.list(account)).find(({ id, username }) => {
        const given = call.args[0]?.replace(/^@/, '').toLowerCase();
        return given !== undefined && (id === given || username?.toLowerCase() === given);
      });
      const user = listed ?? asUser(await findPerson(call, texts, signal));
      const removed = await tracked.remove(account, user.id);
      return removed ? texts.untrack.removed(nameOf(user)) : texts.untrack.notTracked(nameOf(user));
    },
  };
}

export function trackedCommand(tracked: TrackedList): Command {
  return {
    name: 'tracked',
    usage: '',
    describe: (texts) => texts.tracked.about,
    run: async ({ message }, texts) => {
      const users = await tracked.list(message.accountId);
      if (users.length === 0) return texts.tracked.nobody;
      return [texts.tracked.title(users.length), ...users.map((user) => `• ${nameOf(user)} (${user.id})`)].join('\n');
    },
  };
}

type NamedUser = Pick<Tracked, 'id' | 'name' | 'username'>;

function asUser(person: Person): NamedUser {
  return { id: person.peer.id, name: person.name, ...usernameOf(person) };
}

function usernameOf(person: Person): { username?: string } {
  return person.username === undefined ? {} : { username: person.username };
}

function nameOf({ name, username }: NamedUser): string {
  return username === undefined ? name : `${name} @${username}`;
}
