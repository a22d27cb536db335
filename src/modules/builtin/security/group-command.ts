import { CommandRefusal } from '../../contract/command-refusal.js';
import type { DefineCommand } from '../../contract/define-module.js';
import { nearestOf } from '../../command-line/nearest.js';
import { oneLine } from '../../one-line.js';
import { announce } from './announce.js';
import { usableOf } from './find-grantable.js';
import { findPerson, groupNames, MAX_TYPED_LENGTH, personName } from './find-subject.js';
import { ASKING_DEADLINE_MS } from './grant-command.js';
import { whatLine } from './rule-lines.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import { securityTexts, type SecurityTexts } from './texts.js';

const NAME = /^\p{L}[\p{L}\p{N}-]{1,31}$/u;
const ADD = /^(add|добавить)$/i;
const REMOVE = /^(remove|убрать)$/i;
const RESERVED = /^(here|здесь|тут|me|all|все|всё|everything|module|модуль|группа)$/i;

/** `.group`: groups of people. Whoever joins one may use what it was given, so that is asked and announced as a grant is. */
export function groupCommand(command: DefineCommand<SecurityContext>, ports: SecurityPorts): ReturnType<typeof command> {
  return command({
    name: 'group',
    aliases: ['группа'],
    about: securityTexts.both((texts) => texts.group.about),
    access: 'typed',
    args: {
      name: { kind: 'word', label: securityTexts.both((texts) => texts.group.name), optional: true },
      doing: { kind: 'word', label: securityTexts.both((texts) => texts.group.doing), optional: true },
      who: { kind: 'peer', label: securityTexts.both((texts) => texts.group.who), optional: true, fromReply: true },
    },
    deadlineMs: ASKING_DEADLINE_MS,
    run: async ({ args, language, confirm }, ctx, signal) => {
      const texts = securityTexts.of(language);
      const name = args.name?.toLowerCase();
      if (name === undefined || args.doing === undefined) return listed(name, ports, ctx, texts);
      const doing = doingOf(args.doing, name, ctx.prefix, texts);
      if (args.who === undefined) throw new CommandRefusal(texts.sayPerson);
      if (doing === 'remove') return removed(name, args.who, ports, { ctx, texts, signal });
      if (!isGroupName(name, ports)) throw new CommandRefusal(texts.group.badName);
      const person = await findPerson(args.who, ctx, texts, signal);
      const whom = personName(person);
      const { id, username } = person;
      const member = { group: name, id, name: person.name, ...(username !== undefined && { username }) };
      if (await isMember(name, id, ports)) {
        await ports.rules.addMember(member);
        return texts.group.already(whom, name);
      }
      const may = await whatGroupMay(name, ports, ctx, texts);
      if (!(await confirm(texts.group.ask(whom, name, may), signal))) return texts.grant.no;
      await announce(texts.group.announced(whom, name, may), ctx, texts, signal);
      await ports.audit.note({ kind: 'joined', whom, what: name });
      await ports.rules.addMember(member);
      return texts.group.added(whom, name, may);
    },
  });
}

interface Asked {
  ctx: SecurityContext;
  texts: SecurityTexts;
  signal: AbortSignal;
}

/** @throws CommandRefusal where it is neither to add nor to remove somebody */
function doingOf(typed: string, group: string, prefix: string, texts: SecurityTexts): 'add' | 'remove' {
  if (ADD.test(typed)) return 'add';
  if (REMOVE.test(typed)) return 'remove';
  throw new CommandRefusal(texts.group.addOrRemove(oneLine(typed, MAX_TYPED_LENGTH), `${prefix}group ${oneLine(group, MAX_TYPED_LENGTH)}`));
}

async function isMember(group: string, id: string, { rules }: SecurityPorts): Promise<boolean> {
  return (await rules.members()).some((member) => member.group === group && member.id === id);
}

/** By id also where Telegram knows the person no more. */
async function removed(group: string, who: string, ports: SecurityPorts, { ctx, texts, signal }: Asked): Promise<string> {
  const wanted = who.replace(/^@/, '').toLowerCase();
  const members = (await ports.rules.members()).filter((member) => member.group === group);
  const known = members.find(({ id, username }) => id === wanted || username?.toLowerCase() === wanted);
  const person = known ?? (await findPerson(who, ctx, texts, signal));
  if (!(await ports.rules.removeMember(group, person.id))) throw new CommandRefusal(texts.group.notIn(personName(person), group));
  await ports.audit.note({ kind: 'left', whom: personName(person), what: group });
  return texts.group.removed(personName(person), group);
}

async function listed(only: string | undefined, ports: SecurityPorts, ctx: SecurityContext, texts: SecurityTexts): Promise<string> {
  const members = await ports.rules.members();
  const names = (await groupNames(ports, ctx.nowMs())).filter((name) => only === undefined || name === only);
  if (names.length === 0) throw new CommandRefusal(texts.group.unknown(oneLine(only ?? '', MAX_TYPED_LENGTH), ctx.prefix, nearestOf(only ?? '', await groupNames(ports, ctx.nowMs()))));
  const paragraphs = names.map(async (name) => {
    const people = members.filter(({ group }) => group === name).map(personName);
    return `👥 ${name}: ${people.length === 0 ? texts.emptyGroup : people.join(', ')}\n  ${await whatGroupMay(name, ports, ctx, texts)}`;
  });
  return (await Promise.all(paragraphs)).join('\n\n');
}

async function whatGroupMay(name: string, ports: SecurityPorts, ctx: SecurityContext, texts: SecurityTexts): Promise<string> {
  const rules = (await ports.rules.rules(ctx.nowMs())).filter(({ subject }) => subject.kind === 'group' && subject.name === name);
  const lines = rules.flatMap((rule) => {
    const commands = usableOf(rule, ports.directory()).map((command) => ctx.prefix + command.name);
    return commands.length === 0 ? [] : [whatLine(rule, commands, texts)];
  });
  return lines.length === 0 ? texts.group.mayNothing : texts.group.may(lines.join(', '));
}

/** What is the name of a command or a module could not be told from it in `.grant`. */
function isGroupName(name: string, ports: SecurityPorts): boolean {
  const modules = ports.directory().list().map(({ module }) => module);
  const taken = modules.some((module) => module.name === name || module.commands.some((one) => one.name === name || one.aliases?.includes(name) === true));
  return NAME.test(name) && !RESERVED.test(name) && !taken;
}
