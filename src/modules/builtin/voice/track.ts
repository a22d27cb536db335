import { peerKey } from '../../../telegram/peer.js';
import { CommandRefusal, type ModuleLanguage, type ModuleMessage, type PeerId, type Person } from '../../contract/index.js';
import { readablePeriod } from '../../readable-duration.js';
import { readValue } from '../../values/read-value.js';
import { saidBack } from './arguments.js';
import { isWord, texts, type VoiceTexts } from './texts.js';
import type { NamedChatId, TrackedPort, VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

export interface TrackRequest {
  message: ModuleMessage;
  /** `@name`, an id or `me`; also the writer of the message that is answered. */
  who: string | undefined;
  /** The rest of the line. */
  what: string | undefined;
  language: ModuleLanguage;
}

const SHORTEST_MS = 60_000;
const LONGEST_MS = 3650 * 24 * 3600_000;

/** Someone, or a chat, as a list has them. */
interface Subject {
  list: TrackedPort;
  id: string;
  name: string;
  username?: string | undefined;
}

export async function track(request: TrackRequest, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(request.language);
  const { isHere, forMs } = wordsOf(request, all);
  const subject = await subjectOf(request, isHere, { ctx, ports, texts: all }, signal);
  const { list, id, name, username } = subject;
  if (list === ports.people && id === ctx.self.id) throw new CommandRefusal(all.track.self(ctx.prefix));
  const nowMs = ctx.nowMs();
  const added = await list.add(ctx.accountId, { id, name, ...(username !== undefined && { username }), sinceMs: nowMs, ...(forMs !== undefined && { untilMs: nowMs + forMs }) });
  const until = forMs === undefined ? undefined : readablePeriod(forMs, all.units);
  const done = added ? all.track.added(nameOf(subject), until) : all.track.already(nameOf(subject), until);
  const optedOut = list === ports.people && (await ports.optOuts.has(ctx.accountId, subject.id));
  return optedOut ? `${done}\n${all.track.optedOut}` : done;
}

export async function untrack(request: TrackRequest, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(request.language);
  const { what } = request;
  const isHere = what !== undefined && isWord(what, 'here');
  if (what !== undefined && !isHere) throw new CommandRefusal(all.person.onlyHere(saidBack(what)));
  const subject = (isHere ? undefined : await listed(request, ctx, ports)) ?? (await subjectOf(request, isHere, { ctx, ports, texts: all }, signal));
  const removed = await subject.list.remove(ctx.accountId, subject.id);
  return removed ? all.untrack.removed(nameOf(subject)) : all.untrack.notTracked(nameOf(subject));
}

/** Someone who has vanished from Telegram, or a chat that was left, can still be taken off the list, by id or name. */
async function listed({ who }: TrackRequest, ctx: VoiceContext, { people, trackedChats }: VoicePorts): Promise<Subject | undefined> {
  const given = who?.replace(/^@/, '').toLowerCase();
  if (given === undefined) return undefined;
  for (const list of [people, trackedChats]) {
    const found = (await list.list(ctx.accountId)).find(({ id, username }) => shownId(id) === given || username?.toLowerCase() === given);
    if (found !== undefined) return { list, ...found };
  }
  return undefined;
}

/** Whether what was read as an id is the number of a time that goes on behind it: `2 дня`. */
export function startsTime({ who, what }: Pick<TrackRequest, 'who' | 'what'>, language: ModuleLanguage): boolean {
  if (who === undefined || what === undefined || !/^\d{1,4}$/.test(who)) return false;
  return readValue({ kind: 'duration' }, [who, ...what.split(/\s+/).filter((word) => !isWord(word, 'here'))].join(' '), language).ok;
}

/** `here`, a time, or both in any order. @throws CommandRefusal where there is more */
function wordsOf({ what, language }: TrackRequest, all: VoiceTexts): { isHere: boolean; forMs: number | undefined } {
  const words = (what ?? '').split(/\s+/).filter((word) => word !== '');
  const rest = words.filter((word) => !isWord(word, 'here'));
  if (rest.length === 0) return { isHere: words.length > 0, forMs: undefined };
  const given = rest.join(' ');
  const time = readValue({ kind: 'duration', minMs: SHORTEST_MS, maxMs: LONGEST_MS }, given, language);
  if (!time.ok) throw new CommandRefusal(/^[-−]?\d/.test(given) ? time.problem : all.person.notUnderstood(saidBack(given)));
  return { isHere: rest.length < words.length, forMs: time.value };
}

async function subjectOf(
  { message, who }: TrackRequest,
  isHere: boolean,
  { ctx, ports, texts: all }: { ctx: VoiceContext; ports: VoicePorts; texts: VoiceTexts },
  signal: AbortSignal,
): Promise<Subject> {
  const isPrivate = message.chatKind === 'private';
  if (isHere && !isPrivate) {
    const title = await ports.chats.title(message.chat, signal);
    return chatSubject({ peer: message.chat, title, broadcast: message.chatKind === 'channel' }, ports, all);
  }
  const given = isHere ? undefined : who;
  if (given === undefined && !isPrivate) throw new CommandRefusal(all.person.sayWho);
  const reference = given ?? message.chat.id;
  const person = await ctx.history.person(reference, signal);
  if (person !== undefined) return personSubject(person, ports);
  return chatOf(reference, ports, all, signal);
}

/** By `@name`, or by id as clients show it. */
async function chatOf(reference: string, ports: VoicePorts, all: VoiceTexts, signal: AbortSignal): Promise<Subject> {
  if (reference.startsWith('@')) {
    const chat = await ports.chats.named(reference.slice(1), signal);
    if (chat !== undefined) return { ...chatSubject(chat, ports, all), username: reference.slice(1) };
  }
  for (const id of chatIds(reference)) {
    const chat = await ports.chats.met(id, signal);
    if (chat !== undefined) return chatSubject(chat, ports, all);
  }
  throw new CommandRefusal(all.person.notFound(reference));
}

/** What an id of a chat may mean: `-1001234` that of a supergroup, `-1234` that of a group. */
function chatIds(shown: string): PeerId[] {
  const [, channel] = /^-100(\d+)$/.exec(shown) ?? [];
  const [, group] = /^-(\d+)$/.exec(shown) ?? [];
  return [...(channel === undefined ? [] : [{ kind: 'channel', id: channel } as const]), ...(group === undefined ? [] : [{ kind: 'group', id: group } as const])];
}

function personSubject({ id, name, username }: Person, { people }: VoicePorts): Subject {
  return { list: people, id, name, ...(username !== undefined && { username }) };
}

function chatSubject({ peer, title, broadcast }: NamedChatId, { trackedChats }: VoicePorts, all: VoiceTexts): Subject {
  if (broadcast) throw new CommandRefusal(all.track.channel);
  return { list: trackedChats, id: peerKey(peer), name: title };
}

function nameOf({ name, username }: Pick<Subject, 'name' | 'username'>): string {
  return username === undefined ? name : `${name} @${username}`;
}

/** As clients show it: `5` of a person, `-1009` and `-9` of the chats `c9` and `g9`. */
function shownId(id: string): string {
  return id.replace(/^c/, '-100').replace(/^g/, '-');
}

/** `.tracked`: people, chats, and who does not want it. */
export async function trackedLines(ctx: VoiceContext, { people, trackedChats, optOuts }: VoicePorts, language: ModuleLanguage): Promise<string> {
  const { tracked: all, units } = texts.of(language);
  const [persons, chats, refusals] = await Promise.all([people.list(ctx.accountId), trackedChats.list(ctx.accountId), optOuts.list(ctx.accountId)]);
  if (persons.length + chats.length + refusals.length === 0) return all.nobody(ctx.prefix);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const line = (entry: { id: string; name: string; username?: string | undefined; sinceMs: number; untilMs?: number | undefined }): string => {
    const name = entry.username === undefined ? entry.name : `${entry.name} @${entry.username}`;
    const since = entry.sinceMs === 0 ? [] : [all.since(date.format(entry.sinceMs))];
    const left = entry.untilMs === undefined ? [] : [all.left(readablePeriod(entry.untilMs - ctx.nowMs(), units))];
    return [`• ${name} (${shownId(entry.id)})`, ...since, ...left].join(', ');
  };
  const section = (title: (count: number) => string, entries: readonly Parameters<typeof line>[0][]): string[] =>
    entries.length === 0 ? [] : [[title(entries.length), ...entries.map(line)].join('\n')];
  return [...section(all.people, persons), ...section(all.chats, chats), ...section(all.optedOut, refusals)].join('\n\n');
}
