import { defineModule, type Module } from '../../contract/define-module.js';
import { auditCommand } from './audit-command.js';
import { grantCommand } from './grant-command.js';
import { groupCommand } from './group-command.js';
import { readyMadeRules } from './ready-made-groups.js';
import { revokeCommand } from './revoke-command.js';
import { rulesCommand } from './rules-command.js';
import type { SecurityPorts } from './security-ports.js';
import { securityTexts } from './texts.js';

/** Who beside the owner may use which commands. All of it is for the owner alone, and cannot be given to anybody. */
export function securityModule(ports: SecurityPorts): Module {
  return defineModule({
    name: 'security',
    version: '1.0.0',
    about: securityTexts.both((texts) => texts.about),
    uses: ['send', 'history'],
    commands: (command) => [
      grantCommand(command, ports),
      revokeCommand(command, ports),
      rulesCommand(command, ports),
      groupCommand(command, ports),
      auditCommand(command, ports),
    ],
    start: (ctx) => ports.rules.seed(readyMadeRules(ctx.nowMs())),
  });
}
