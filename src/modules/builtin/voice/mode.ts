import { deliveries } from '../../../voice/delivery.js';
import { CommandRefusal, type ModuleLanguage, type ModuleMessage } from '../../contract/index.js';
import { saidBack } from './arguments.js';
import { targetOf, type Target } from './scope.js';
import { isWord, texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

export interface ScopedRequest {
  message: ModuleMessage;
  who: string | undefined;
  what: string | undefined;
  language: ModuleLanguage;
}

/** `.mode`: shows, chooses and resets where the texts go. */
export async function mode(request: ScopedRequest, ctx: VoiceContext, { deliveries: chosen }: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(request.language);
  const target = await targetOf(request.who, request.message, { ctx, texts: all }, signal);
  const given = (request.what ?? '').trim().toLowerCase();
  if (given === '') return shown(target);
  if (isWord(given, 'reset')) {
    const done = (await chosen.reset(ctx.accountId, target.scope)) ? all.lang.reset : all.lang.nothingToReset;
    return `${done}\n${await shown(target)}`;
  }
  const delivery = deliveries.find((one) => isWord(given, one));
  if (delivery === undefined) throw new CommandRefusal(all.mode.unknown(saidBack(given)));
  await chosen.choose(ctx.accountId, target.scope, delivery);
  return `${all.lang.set}\n${await shown(target)}`;

  async function shown({ scope, scopes, person }: Target): Promise<string> {
    const { choice, because } = await chosen.inForce(ctx.accountId, scopes);
    const name = all.mode.names[choice];
    if (person !== undefined) return all.mode.person(person.name, name, because);
    return scope.of === 'account' ? all.mode.everywhere(name, because) : all.mode.here(name, because);
  }
}
