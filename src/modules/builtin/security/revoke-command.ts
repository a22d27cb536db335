import { subjectKey, type AccessRule } from '../../access/access-rule.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { DefineCommand } from '../../contract/define-module.js';
import { usableOf } from './find-grantable.js';
import { findSubject, split } from './find-subject.js';
import { whatLine } from './rule-lines.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import { securityTexts, type SecurityTexts } from './texts.js';

const ALL = /^(all|everything|всё|все)$/i;

/** `.revoke`: at once, without asking. */
export function revokeCommand(command: DefineCommand<SecurityContext>, ports: SecurityPorts): ReturnType<typeof command> {
  return command({
    name: 'revoke',
    about: securityTexts.both((texts) => texts.revoke.about),
    access: 'owner',
    args: {
      who: { kind: 'peer', label: securityTexts.both((texts) => texts.labels.who), optional: true, fromReply: true },
      words: { kind: 'string', label: securityTexts.both((texts) => texts.revoke.words), optional: true, rest: true },
    },
    run: async ({ message, args, language }, ctx, signal) => {
      const texts = securityTexts.of(language);
      const words = args.words ?? '';
      const rules = await ports.rules.rules(ctx.nowMs());
      if (args.who === undefined && ALL.test(words.trim())) return taken(rules, texts.revoke.everybody, { ports, ctx, texts });
      const found = await findSubject({ message, who: args.who, words, texts }, ports, ctx, signal);
      const theirs = rules.filter(({ subject }) => subjectKey(subject) === subjectKey(found.subject));
      const [what] = split(found.rest);
      const meant = what === '' || ALL.test(what) ? theirs : theirs.filter((rule) => isAbout(rule, what, ctx.prefix));
      if (meant.length === 0) throw new CommandRefusal(theirs.length === 0 ? texts.revoke.nothing(found.name) : texts.revoke.notThat(found.name, ctx.prefix));
      return taken(meant, found.name, { ports, ctx, texts });
    },
  });
}

function isAbout({ module, wholeModule, commands }: AccessRule, what: string, prefix: string): boolean {
  const name = (what.startsWith(prefix) ? what.slice(prefix.length) : what).toLowerCase();
  return wholeModule ? module === name : commands.includes(name) || module === name;
}

interface Asked {
  ports: SecurityPorts;
  ctx: SecurityContext;
  texts: SecurityTexts;
}

async function taken(rules: readonly AccessRule[], whom: string, { ports, ctx, texts }: Asked): Promise<string> {
  if (rules.length === 0) throw new CommandRefusal(texts.rules.none);
  await ports.rules.remove(rules);
  const lines = rules.map((rule) => whatLine(rule, namesOf(rule, ports, ctx.prefix), texts));
  await ports.audit.note({ kind: 'revoked', whom, what: lines.join(', ') });
  return texts.revoke.done(whom, lines.join(', '));
}

function namesOf(rule: AccessRule, ports: SecurityPorts, prefix: string): string[] {
  const usable = usableOf(rule, ports.directory()).map(({ name }) => name);
  return (usable.length === 0 ? rule.commands : usable).map((name) => prefix + name);
}
