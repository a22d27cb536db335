import { CommandRefusal } from '../../contract/command-refusal.js';
import type { SecurityContext } from './security-ports.js';
import type { SecurityTexts } from './texts.js';

/** Says it in Saved Messages, before it counts: no right is given that its owner was not told of. @throws CommandRefusal */
export async function announce(text: string, ctx: SecurityContext, texts: SecurityTexts, signal: AbortSignal): Promise<void> {
  try {
    await ctx.send.send('saved', text, undefined, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new CommandRefusal(texts.notAnnounced, { cause: error });
  }
}
