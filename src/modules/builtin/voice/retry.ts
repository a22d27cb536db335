import { CommandRefusal, type ModuleLanguage, type ModuleMessage } from '../../contract/index.js';
import { texts } from './texts.js';
import { voiceMeant } from './voice-meant.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** `.retry` in reply to a voice, or to the answer which says that it failed. */
export async function retry(
  { message, replied, language }: { message: ModuleMessage; replied: ModuleMessage | undefined; language: ModuleLanguage },
  ctx: VoiceContext,
  { jobs }: VoicePorts,
  signal: AbortSignal,
): Promise<string> {
  const all = texts.of(language).retry;
  const messageId = voiceMeant(message, replied, all.sayWhich);
  if ((await ctx.history.message(message.chat, messageId, signal)) === undefined) {
    await jobs.forget(ctx.accountId, message.chat, messageId);
    throw new CommandRefusal(all.deleted);
  }
  const outcome = await jobs.retry(ctx.accountId, message.chat, messageId);
  if (outcome === 'unknown') throw new CommandRefusal(all.nothing);
  return outcome === 'again' ? all.again : all.underWay;
}
