import type { DefineCommand } from '../../contract/define-module.js';
import { ruleLines } from './rule-lines.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import { securityTexts } from './texts.js';

/** `.rules`: who may use what, and until when. */
export function rulesCommand(command: DefineCommand<SecurityContext>, ports: SecurityPorts): ReturnType<typeof command> {
  return command({
    name: 'rules',
    aliases: ['правила'],
    about: securityTexts.both((texts) => texts.rules.about),
    access: 'owner',
    run: async ({ language }, ctx) => {
      const texts = securityTexts.of(language);
      const [rules, members] = [await ports.rules.rules(ctx.nowMs()), await ports.rules.members()];
      const lines = ruleLines({ rules, members, directory: ports.directory(), texts, language, ctx });
      return [lines.length === 0 ? texts.rules.none : texts.rules.title, ...lines].join('\n');
    },
  });
}
