import { peerKey } from '../../telegram/peer.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { AccessDecision, AccessRequest } from './access-policy.js';
import { isInForce, type AccessRule, type GroupMember } from './access-rule.js';
import { isNobody } from './nobody.js';
import { standsAsWritten } from './stands-as-written.js';

/** All that a decision depends on. */
export interface AccessFacts {
  request: AccessRequest;
  /** The chat or person was put aside by the owner. */
  ignored: boolean;
  rules: readonly AccessRule[];
  members: readonly GroupMember[];
  /** The message answers one of the same person's. */
  answersOwn: boolean;
  nowMs: number;
}

/**
 * Whether a command may run. The first line that holds decides:
 *
 * | | where | |
 * | --- | --- | --- |
 * | 1 | it was forwarded, came through an inline bot, was scheduled, or is the caption of something | no |
 * | 2 | it stands in the chat of Telegram's service account, or is by it | no |
 * | 3 | it is the edit of a post in a broadcast channel: another admin can make one | no |
 * | 4 | the session says that the owner wrote it: `outgoing` | the owner; but a `typed` command not by an edit |
 * | 5 | the owner ignores the person or the chat | no |
 * | 6 | nobody in particular wrote it: an anonymous admin, a channel | no |
 * | 7 | the command is for the owner: `owner`, `typed` | no, whatever the rules say |
 * | 8 | it steers a command that the person has running in this chat | yes |
 * | 9 | a rule in force names the command, and is for the person, for a group that they are in, or for the chat | yes |
 * | 10 | else | no |
 *
 * Whoever has no rule of their own gets no answer to a refusal.
 */
export function decideAccess(facts: AccessFacts): AccessDecision {
  const { message, command } = facts.request;
  if (!wasWritten(message)) return { allow: false, because: 'must-be-typed', silent: true };
  if (message.outgoing) {
    return command.access === 'typed' && message.edited
      ? { allow: false, because: 'must-be-typed', silent: false }
      : { allow: true, as: 'owner' };
  }
  if (facts.ignored) return { allow: false, because: 'ignored', silent: true };
  const person = personOf(message);
  if (person === undefined) return { allow: false, because: 'not-permitted', silent: true };
  const silent = !rulesFor(person, facts).some(({ subject }) => subject.kind !== 'chat');
  if ((command.access ?? 'grantable') !== 'grantable') return { allow: false, because: 'owner-only', silent };
  if (facts.request.steersOwn === true) return { allow: true, as: 'rule' };
  const rule = rulesThatName(person, facts).find(({ onlyOwn }) => !onlyOwn || facts.answersOwn);
  if (rule === undefined) return { allow: false, because: 'not-permitted', silent };
  return { allow: true, as: rule.subject.kind === 'group' ? 'group' : 'rule' };
}

/** Whether a rule counts only if the message answers one of the person's own: then it has to be looked up. */
export function dependsOnReply(facts: Omit<AccessFacts, 'answersOwn'>): boolean {
  const person = personOf(facts.request.message);
  return person !== undefined && rulesThatName(person, facts).some(({ onlyOwn }) => onlyOwn);
}

/** Lines 1 to 3. */
function wasWritten(message: ModuleMessage): boolean {
  const { chat, sender } = message;
  return standsAsWritten(message) && !isNobody(sender?.id ?? '') && !(chat.kind === 'user' && isNobody(chat.id));
}

function personOf({ sender }: ModuleMessage): string | undefined {
  return sender?.kind === 'user' ? sender.id : undefined;
}

function rulesThatName(person: string, facts: Omit<AccessFacts, 'answersOwn'>): AccessRule[] {
  const { module, command } = facts.request;
  return rulesFor(person, facts).filter((rule) => rule.module === module && rule.commands.includes(command.name));
}

/** All in force that are for this person in this chat. */
function rulesFor(person: string, { rules, members, request, nowMs }: Omit<AccessFacts, 'answersOwn'>): AccessRule[] {
  const groups = new Set(members.filter(({ id }) => id === person).map(({ group }) => group));
  const chat = peerKey(request.message.chat);
  return rules.filter(({ subject, untilMs }) => {
    if (!isInForce(untilMs === undefined ? {} : { untilMs }, nowMs)) return false;
    if (subject.kind === 'person') return subject.id === person;
    return subject.kind === 'group' ? groups.has(subject.name) : subject.chat === chat;
  });
}
