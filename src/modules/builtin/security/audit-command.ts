import type { AuditEntry } from '../../access/audit-log.js';
import type { DefineCommand } from '../../contract/define-module.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import { momentText } from '../../moment-text.js';
import { chatId } from './chat-id.js';
import { personName } from './find-subject.js';
import { untilText } from './rule-lines.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import { securityTexts, type SecurityTexts } from './texts.js';

const SHOWN = 20;
const MAX_SHOWN = 100;

/** `.audit`: what others used, what was refused, given and dared. */
export function auditCommand(command: DefineCommand<SecurityContext>, ports: SecurityPorts): ReturnType<typeof command> {
  return command({
    name: 'audit',
    aliases: ['аудит'],
    about: securityTexts.both((texts) => texts.audit.about),
    access: 'owner',
    args: { count: { kind: 'integer', min: 1, max: MAX_SHOWN, label: securityTexts.both((texts) => texts.audit.count), optional: true } },
    run: async ({ args, language }, ctx, signal) => {
      const texts = securityTexts.of(language);
      const entries = await ports.audit.newest(args.count ?? SHOWN);
      if (entries.length === 0) return texts.audit.none;
      const names = await namesOf(entries, ports, ctx, signal);
      return [texts.audit.title, ...entries.map((entry) => entryLine(entry, { names, texts, language, ctx }))].join('\n');
    },
  });
}

interface Said {
  names: ReadonlyMap<string, string>;
  texts: SecurityTexts;
  language: ModuleLanguage;
  ctx: SecurityContext;
}

function entryLine(entry: AuditEntry, { names, texts, language, ctx }: Said): string {
  const times = entry.count > 1 ? ` ×${entry.count}` : '';
  return `${momentText(entry.lastMs, ctx.nowMs(), language)} · ${whatHappened()}${times}`;

  function whatHappened(): string {
    switch (entry.kind) {
      case 'used':
        return texts.audit.used(nameOf(entry.person), ctx.prefix + entry.command);
      case 'refused': {
        const whom = entry.person === undefined ? texts.audit.somebody(chatId(entry.chat)) : nameOf(entry.person);
        return texts.audit.refused(whom, ctx.prefix + entry.command, texts.audit.because[entry.because]);
      }
      case 'granted':
        return texts.audit.granted(entry.whom, entry.what, untilText(entry.untilMs, ctx.nowMs(), language, texts));
      case 'revoked':
        return texts.audit.revoked(entry.whom, entry.what);
      case 'joined':
        return texts.audit.joined(entry.whom, entry.what);
      case 'left':
        return texts.audit.left(entry.whom, entry.what);
      case 'danger':
        return texts.audit.danger(ctx.prefix + entry.command, entry.what);
    }
  }

  function nameOf(person: string): string {
    return person === ctx.self.id ? texts.audit.owner : (names.get(person) ?? person);
  }
}

/** Names of the people in the entries; whom nobody knows keeps the id. */
async function namesOf(entries: readonly AuditEntry[], { rules }: SecurityPorts, ctx: SecurityContext, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(entries.flatMap((entry) => ('person' in entry ? (entry.person ?? []) : [])));
  const names = new Map((await rules.members()).map((member) => [member.id, personName(member)]));
  for (const { subject, subjectName } of await rules.rules(ctx.nowMs())) if (subject.kind === 'person') names.set(subject.id, subjectName);
  for (const id of ids) {
    const person = names.has(id) ? undefined : await ctx.history.person(id, signal);
    if (person !== undefined) names.set(id, personName(person));
  }
  return toldApart(names);
}

/** Whoever has taken somebody else's name is not taken for them. */
function toldApart(names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const all = [...names.values()];
  return new Map([...names].map(([id, name]) => [id, all.indexOf(name) === all.lastIndexOf(name) ? name : `${name} ${id}`]));
}
