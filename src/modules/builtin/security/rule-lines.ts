import { subjectKey, type AccessRule, type GroupMember } from '../../access/access-rule.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import { momentText } from '../../moment-text.js';
import { usableOf } from './find-grantable.js';
import { personName } from './find-subject.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import type { SecurityTexts } from './texts.js';

export interface RuleLinesQuestion {
  rules: readonly AccessRule[];
  members: readonly GroupMember[];
  directory: ReturnType<SecurityPorts['directory']>;
  texts: SecurityTexts;
  language: ModuleLanguage;
  ctx: Pick<SecurityContext, 'prefix' | 'nowMs'>;
}

/** Who may use what, until when: a paragraph for each of those that may use something. */
export function ruleLines({ rules, members, directory, texts, language, ctx }: RuleLinesQuestion): string[] {
  const usable = [...rules].sort(byWhomAndWhat).flatMap((rule) => {
    const commands = usableOf(rule, directory).map(({ name }) => ctx.prefix + name);
    return commands.length === 0 ? [] : [{ rule, commands }];
  });
  const subjects = [...new Set(usable.map(({ rule }) => subjectKey(rule.subject)))];
  return subjects.flatMap((key, at) => {
    const own = usable.filter(({ rule }) => subjectKey(rule.subject) === key);
    const first = own[0]?.rule;
    if (first === undefined) return [];
    const lines = own.map(({ rule, commands }) => `  ${whatLine(rule, commands, texts)} · ${untilText(rule.untilMs, ctx.nowMs(), language, texts)}`);
    return [...(at === 0 ? [] : ['']), subjectLine(first, members, texts), ...lines];
  });
}

/** Groups, then people, then chats; each by name, and what they may use by name. */
function byWhomAndWhat(one: AccessRule, other: AccessRule): number {
  const rank = ({ subject }: AccessRule): number => ['group', 'person', 'chat'].indexOf(subject.kind);
  const what = ({ module, wholeModule, commands }: AccessRule): string => (wholeModule ? module : commands.join(' '));
  return rank(one) - rank(other) || one.subjectName.localeCompare(other.subjectName) || what(one).localeCompare(what(other));
}

/** `.transcribe`, `voice (.transcribe .why)`, `… only in reply to their own messages`. */
export function whatLine({ module, wholeModule, onlyOwn }: Pick<AccessRule, 'module' | 'wholeModule' | 'onlyOwn'>, commands: readonly string[], texts: SecurityTexts): string {
  const what = wholeModule ? `${module} (${commands.join(' ')})` : commands.join(' ');
  return onlyOwn ? `${what} ${texts.onlyOwn}` : what;
}

/** `until 18:40`, with the day where it is another one. */
export function untilText(untilMs: number | undefined, nowMs: number, language: ModuleLanguage, texts: SecurityTexts): string {
  return untilMs === undefined ? texts.forGood : texts.until(momentText(untilMs, nowMs, language));
}

function subjectLine({ subject, subjectName }: AccessRule, members: readonly GroupMember[], texts: SecurityTexts): string {
  if (subject.kind === 'person') return `👤 ${subjectName}`;
  if (subject.kind === 'chat') return `💬 ${subjectName}`;
  const names = members.filter(({ group }) => group === subject.name).map(personName);
  return `👥 ${subject.name}: ${names.length === 0 ? texts.emptyGroup : names.join(', ')}`;
}
