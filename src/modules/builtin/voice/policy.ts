import type { ModuleLanguage } from '../../contract/index.js';
import { texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** `.policy`: the table of rules as it is in force. */
export function policyTable(ctx: VoiceContext, { policy }: VoicePorts, language: ModuleLanguage): string {
  const { policy: all } = texts.of(language);
  const { own, incoming, files } = ctx.settings;
  const rules = policy.rules.map(({ name, take }, index) => `${index + 1}. ${take ? '✅' : '⏸'} ${all.rules[name] ?? name}`);
  const inForce = [all.own(all.scopes[own]), all.incoming(all.scopes[incoming]), all.filesOn(all.files[files])];
  return [all.title, ...rules, '', ...inForce.map((line) => `• ${line}`), all.hint(ctx.prefix)].join('\n');
}
