import { textsFor } from '../../../i18n/texts.js';
import { nearestOf } from '../../command-line/nearest.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import { oneLine } from '../../one-line.js';
import { MAX_TYPED_LENGTH } from './find-subject.js';
import type { SecurityContext, SecurityPorts } from './security-ports.js';
import type { SecurityTexts } from './texts.js';

interface Asked {
  ports: Pick<SecurityPorts, 'foreign' | 'audit'>;
  ctx: Pick<SecurityContext, 'prefix'>;
  texts: SecurityTexts;
  language: ModuleLanguage;
}

/** Takes back one thing that a module of somebody else was granted; it is started anew without it. @throws CommandRefusal */
export async function revokeOfModule(name: string, typed: string, { ports, ctx, texts, language }: Asked, signal: AbortSignal): Promise<string> {
  const { foreign, audit } = ports;
  const info = await foreign.info(name);
  if (info === undefined) throw new CommandRefusal(texts.revoke.unknownModule(oneLine(name, MAX_TYPED_LENGTH), nearestOf(name, await foreign.names())));
  const { granted } = info.pinned;
  const has = granted.join(', ');
  if (typed === '') throw new CommandRefusal(texts.revoke.sayGrant(name, has, `${ctx.prefix}revoke ${name} ${granted[0] ?? ''}`));
  const capability = granted.find((one) => one === typed.toLowerCase());
  if (capability === undefined) throw new CommandRefusal(texts.revoke.notGranted(name, has));
  if (!(await foreign.revoke(name, capability, signal))) throw new CommandRefusal(texts.revoke.notGranted(name, has));
  await audit.note({ kind: 'revoked', whom: name, what: capability });
  return texts.revoke.moduleMayNot(name, textsFor(language).foreignModules.capabilities[capability]);
}
