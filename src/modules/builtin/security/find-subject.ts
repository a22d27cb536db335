import { isNobody } from '../../access/nobody.js';
import type { AccessSubject } from '../../access/access-rule.js';
import type { Person } from '../../contract/capabilities.js';
import { nearestOf } from '../../command-line/nearest.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { ModuleMessage } from '../../contract/module-message.js';
import { oneLine } from '../../one-line.js';
import { readyMadeGroups } from './ready-made-groups.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import type { SecurityTexts } from './texts.js';

/** For whom something is, and what was typed after that. */
export interface FoundSubject {
  subject: AccessSubject;
  /** As people read it. */
  name: string;
  rest: string;
}

export interface SubjectQuestion {
  message: ModuleMessage;
  /** What is asked where nobody is named. */
  ask: (prefix: string) => string;
  /** The person who was named, or whose message is answered. */
  who: string | undefined;
  /** What was typed after the person. */
  words: string;
  texts: SecurityTexts;
}

/** So much of what was typed is said again. */
export const MAX_TYPED_LENGTH = 40;

const USERNAME = /^[a-z]\w{4,31}$/;
const HERE = /^(here|здесь|тут)$/i;

/** A person, a chat (by its id, or `here`), or a group of people. @throws CommandRefusal where it is none of them, or nobody to give a right to */
export async function findSubject(question: SubjectQuestion, ports: SecurityPorts, ctx: SecurityContext, signal: AbortSignal): Promise<FoundSubject> {
  const { message, who, words, texts, ask } = question;
  const [first, rest] = split(words);
  const isNamed = who !== undefined && message.replyToMessageId === undefined;
  if (!isNamed && HERE.test(first)) return { ...(await hereOf(message, ctx, texts, signal)), rest };
  const name = first.toLowerCase();
  if (!isNamed && (await groupNames(ports, ctx.nowMs())).includes(name)) return { subject: { kind: 'group', name }, name, rest };
  if (who === undefined) throw new CommandRefusal((await nearestSubject(first, ports, ctx, texts)) ?? ask(ctx.prefix));
  const chat = chatKeyOf(who);
  if (chat !== undefined) return { subject: { kind: 'chat', chat }, name: texts.chat(chat), rest: words };
  const person = await findPerson(who, ctx, texts, signal);
  return { subject: { kind: 'person', id: person.id }, name: personName(person), rest: words };
}

/** The key of a group or channel that is typed by the id that clients show, or by a link: `-1` → `g1`, `-1001234567890` → `c1234567890`. */
export function chatKeyOf(who: string): string | undefined {
  const [, channel, group] = /^-(?:100(\d{5,})|(\d+))$/.exec(who) ?? [];
  if (channel !== undefined) return `c${channel}`;
  return group === undefined ? undefined : `g${group}`;
}

/** @throws CommandRefusal where nobody is found, or it is the owner or nobody in particular */
export async function findPerson(who: string, ctx: SecurityContext, texts: SecurityTexts, signal: AbortSignal): Promise<Person> {
  if (isNobody(who)) throw new CommandRefusal(texts.nobody);
  const person = await ctx.history.person(who, signal);
  if (person === undefined) throw new CommandRefusal(texts.unknownPerson(oneLine(who, MAX_TYPED_LENGTH)));
  if (person.id === ctx.self.id) throw new CommandRefusal(texts.yourself);
  return person;
}

/** Ready-made groups, and those that have somebody in them or something given to them. */
export async function groupNames({ rules }: Pick<SecurityPorts, 'rules'>, nowMs: number): Promise<string[]> {
  const given = (await rules.rules(nowMs)).flatMap(({ subject }) => (subject.kind === 'group' ? [subject.name] : []));
  const filled = (await rules.members()).map(({ group }) => group);
  return [...new Set([...Object.keys(readyMadeGroups), ...given, ...filled])];
}

/** `Ann (@anna_k)`. */
export function personName({ name, username }: Pick<Person, 'name' | 'username'>): string {
  return username === undefined ? name : `${name} (@${username})`;
}

/** The first word, and what follows it. */
export function split(words: string): [string, string] {
  const [, first = '', rest = ''] = /^\s*(\S*)\s*([^]*)$/.exec(words) ?? [];
  return [first, rest.trim()];
}

/** A group that was mistyped, or a person without the `@`; undefined where nothing is near, or it is what somebody may be given. */
async function nearestSubject(typed: string, ports: SecurityPorts, ctx: SecurityContext, texts: SecurityTexts): Promise<string | undefined> {
  const name = typed.toLowerCase();
  const modules = ports.directory().list().map(({ module }) => module);
  if (modules.some((module) => module.name === name || module.commands.some((command) => command.name === name))) return undefined;
  const nearest = nearestOf(name, await groupNames(ports, ctx.nowMs())) ?? (USERNAME.test(name) ? `@${typed}` : undefined);
  return nearest === undefined ? undefined : texts.unknownGroup(oneLine(name, MAX_TYPED_LENGTH), nearest);
}

async function hereOf({ chat, chatKind }: ModuleMessage, ctx: SecurityContext, texts: SecurityTexts, signal: AbortSignal): Promise<Omit<FoundSubject, 'rest'>> {
  if (chatKind === 'channel') throw new CommandRefusal(texts.notInChannel);
  const id = `${chat.kind.charAt(0)}${chat.id}`;
  if (chat.kind === 'user' && (chat.id === ctx.self.id || isNobody(chat.id))) throw new CommandRefusal(texts.notInSaved);
  const other = chat.kind === 'user' ? await ctx.history.person(chat.id, signal) : undefined;
  return { subject: { kind: 'chat', chat: id }, name: other === undefined ? texts.chat(id) : texts.chatWith(personName(other)) };
}
