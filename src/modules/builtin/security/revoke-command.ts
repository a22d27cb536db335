import { textsFor } from '../../../i18n/texts.js';
import { subjectKey, type AccessRule } from '../../access/access-rule.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { DefineCommand } from '../../contract/define-module.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import { oneLine } from '../../one-line.js';
import { MODULE, ownNameOf, usableOf } from './find-grantable.js';
import { findSubject, groupNames, MAX_TYPED_LENGTH, split, type FoundSubject, type SubjectQuestion } from './find-subject.js';
import { revokeOfModule } from './revoke-of-module.js';
import { whatLine } from './rule-lines.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import { securityTexts, type SecurityTexts } from './texts.js';

const ALL = /^(all|everything|всё|все)$/i;
/** What tells a group of people from a module of the same name. */
const GROUP = /^(group|группа)$/i;

/** `.revoke`: at once, without asking; of people, chats and groups of people what rules give them, of modules of somebody else what they were granted. */
export function revokeCommand(command: DefineCommand<SecurityContext>, ports: SecurityPorts): ReturnType<typeof command> {
  return command({
    name: 'revoke',
    aliases: ['отозвать'],
    about: securityTexts.both((texts) => texts.revoke.about),
    access: 'owner',
    args: {
      who: { kind: 'peer', label: securityTexts.both((texts) => texts.revoke.who), optional: true, fromReply: true },
      words: { kind: 'string', label: securityTexts.both((texts) => texts.revoke.words), optional: true, rest: true },
    },
    run: async ({ message, args, language }, ctx, signal) => {
      const texts = securityTexts.of(language);
      const asked = { ports, ctx, texts, language };
      const words = args.words ?? '';
      const rules = await ports.rules.rules(ctx.nowMs());
      if (args.who === undefined && ALL.test(split(words)[0])) return takenFromAll(rules, split(words)[1], asked);
      const isNamed = args.who !== undefined && message.replyToMessageId === undefined;
      const module = isNamed ? undefined : await moduleMeant(words, args.who !== undefined, asked);
      if (module !== undefined) return revokeOfModule(module.name, module.rest, asked, signal);
      const question = { message, who: args.who, words: withoutKind(words, GROUP), texts, ask: texts.revoke.sayWhose };
      const found = knownOf(question, rules) ?? (await findSubject(question, ports, ctx, signal));
      return taken(meantOf(found, rules, asked), found.name, asked);
    },
  });
}

interface Asked {
  ports: SecurityPorts;
  ctx: SecurityContext;
  texts: SecurityTexts;
  language: ModuleLanguage;
}

/** `dice network`, or `module dice network` where a group of people has the name too; undefined where it is about people. */
async function moduleMeant(words: string, isReply: boolean, { ports, ctx, texts }: Asked): Promise<{ name: string; rest: string } | undefined> {
  const [first] = split(words);
  if (GROUP.test(first)) return undefined;
  const isSaid = MODULE.test(first);
  const [name, rest] = split(withoutKind(words, MODULE));
  if (isSaid && name === '') throw new CommandRefusal(texts.revoke.sayWhose(ctx.prefix));
  const typed = name.toLowerCase();
  const isThere = (await ports.foreign.names()).includes(typed);
  // In reply to somebody a name alone is what was given to them.
  if (isReply && (!isThere || rest === '')) return undefined;
  if (isSaid) return { name: typed, rest };
  if (!isThere) return undefined;
  if ((await groupNames(ports, ctx.nowMs())).includes(typed)) throw new CommandRefusal(texts.revoke.groupOrModule(typed, ctx.prefix));
  return { name: typed, rest };
}

function withoutKind(words: string, kind: RegExp): string {
  const [first, rest] = split(words);
  return kind.test(first) ? rest : words;
}

/** Somebody who was given something, also where Telegram knows them no more. */
function knownOf({ who, words }: SubjectQuestion, rules: readonly AccessRule[]): FoundSubject | undefined {
  if (who === undefined) return undefined;
  const rule = rules.find(({ subject, subjectName }) => subject.kind === 'person' && (subject.id === who || subjectName.toLowerCase().endsWith(` (${who.toLowerCase()})`)));
  return rule && { subject: rule.subject, name: rule.subjectName, rest: words };
}

/** What was given to them and is meant. @throws CommandRefusal where that is nothing */
function meantOf({ subject, name, rest }: FoundSubject, rules: readonly AccessRule[], { ports, ctx, texts, language }: Asked): AccessRule[] {
  const theirs = rules.filter((rule) => subjectKey(rule.subject) === subjectKey(subject));
  const isModule = MODULE.test(split(rest)[0]);
  const [what, more] = split(isModule ? split(rest)[1] : rest);
  if (more !== '') throw new CommandRefusal(textsFor(language).commandLine.tooMuch(oneLine(more, MAX_TYPED_LENGTH)));
  const typed = isModule ? what.toLowerCase() : ownNameOf(what, ctx.prefix, ports.directory());
  const meant = what === '' || ALL.test(what) ? theirs : theirs.filter((rule) => isAbout(rule, typed) && (!isModule || rule.module === typed));
  if (meant.length === 0) throw new CommandRefusal(theirs.length === 0 ? texts.revoke.nothing(name) : texts.revoke.notThat(name, ctx.prefix));
  return meant;
}

function isAbout({ module, wholeModule, commands }: AccessRule, name: string): boolean {
  return wholeModule ? module === name : commands.includes(name) || module === name;
}

async function takenFromAll(rules: readonly AccessRule[], more: string, asked: Asked): Promise<string> {
  if (more !== '') throw new CommandRefusal(textsFor(asked.language).commandLine.tooMuch(oneLine(more, MAX_TYPED_LENGTH)));
  return rules.length === 0 ? asked.texts.rules.none : taken(rules, asked.texts.revoke.everybody, asked);
}

async function taken(rules: readonly AccessRule[], whom: string, { ports, ctx, texts }: Asked): Promise<string> {
  await ports.rules.remove(rules);
  const lines = rules.map((rule) => whatLine(rule, namesOf(rule, ports, ctx.prefix), texts));
  await ports.audit.note({ kind: 'revoked', whom, what: lines.join(', ') });
  return texts.revoke.done(whom, lines.join(', '));
}

function namesOf(rule: AccessRule, ports: SecurityPorts, prefix: string): string[] {
  const usable = usableOf(rule, ports.directory()).map(({ name }) => name);
  return (usable.length === 0 ? rule.commands : usable).map((name) => prefix + name);
}
