import type { AccessRule } from '../../access/access-rule.js';
import type { DefineCommand } from '../../contract/define-module.js';
import { announce } from './announce.js';
import { findGrantable, MODULE } from './find-grantable.js';
import { findSubject, split } from './find-subject.js';
import { readPeriod } from './read-period.js';
import { untilText, whatLine } from './rule-lines.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import { securityTexts } from './texts.js';

const HOUR_MS = 3_600_000;
/** A question waits for two minutes. */
export const ASKING_DEADLINE_MS = 180_000;

/** `.grant`: asked, announced, written down, and over after an hour unless the owner says otherwise. */
export function grantCommand(command: DefineCommand<SecurityContext>, ports: SecurityPorts): ReturnType<typeof command> {
  return command({
    name: 'grant',
    aliases: ['дать', 'разрешить'],
    about: securityTexts.both((texts) => texts.grant.about),
    access: 'typed',
    args: {
      who: { kind: 'peer', label: securityTexts.both((texts) => texts.labels.who), optional: true, fromReply: true },
      words: { kind: 'string', label: securityTexts.both((texts) => texts.grant.words), optional: true, rest: true },
    },
    flags: { own: { kind: 'boolean', about: securityTexts.both((texts) => texts.grant.own) } },
    deadlineMs: ASKING_DEADLINE_MS,
    run: async ({ message, args, flags, language, confirm }, ctx, signal) => {
      const texts = securityTexts.of(language);
      const { subject, name, rest } = await findSubject({ message, who: args.who, words: args.words ?? '', texts, ask: texts.sayWho }, ports, ctx, signal);
      const isModule = MODULE.test(split(rest)[0]);
      const [what, period] = split(isModule ? split(rest)[1] : rest);
      const { commands, ...grantable } = findGrantable({ typed: what, isModule, prefix: ctx.prefix, directory: ports.directory(), texts });
      const periodMs = readPeriod(period, subject.kind === 'group' ? undefined : HOUR_MS, language);
      const untilAt = (nowMs: number): number | undefined => (periodMs === undefined ? undefined : nowMs + periodMs);

      const rule = { ...grantable, onlyOwn: flags.own };
      const names = commands.map((one) => ctx.prefix + one.name);
      const saidUntil = (): string => untilText(untilAt(ctx.nowMs()), ctx.nowMs(), language, texts);
      const exactly = commands.map((one) => `${ctx.prefix}${one.name} · ${one.about[language].summary}`);
      const question = [texts.grant.ask(name, saidUntil()), ...exactly, ...(flags.own ? [texts.grant.onlyOwn] : [])];
      if (!(await confirm(question.join('\n'), signal))) return texts.grant.no;

      const line = whatLine(rule, names, texts);
      const sinceMs = ctx.nowMs();
      const untilMs = untilAt(sinceMs);
      const until = untilMs === undefined ? {} : { untilMs };
      const granted: AccessRule = { ...rule, subject, subjectName: name, commands: commands.map((one) => one.name), sinceMs, ...until };
      await announce(texts.grant.announced(name, line, saidUntil(), ctx.prefix), ctx, texts, signal);
      await ports.audit.note({ kind: 'granted', whom: name, what: line, ...until });
      await ports.rules.put(granted);
      return texts.grant.done(name, line, saidUntil());
    },
  });
}
