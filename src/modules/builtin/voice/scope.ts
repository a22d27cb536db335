import type { SpeechScope } from '../../../voice/speech-scope.js';
import { CommandRefusal, type ModuleMessage } from '../../contract/index.js';
import type { VoiceTexts } from './texts.js';
import type { VoiceContext } from './voice-settings.js';

/** What a choice is about: a person, the chat it stands in, or the account. */
export interface Target {
  scope: SpeechScope;
  /** All that counts for it, the most specific first. */
  scopes: readonly SpeechScope[];
  person?: { id: string; name: string };
}

/** `who` where one is named or answered, else the chat; in Saved Messages the account. @throws CommandRefusal where nobody is known by that name */
export async function targetOf(who: string | undefined, message: ModuleMessage, { ctx, texts }: { ctx: VoiceContext; texts: VoiceTexts }, signal: AbortSignal): Promise<Target> {
  const account: SpeechScope = { of: 'account' };
  const here: readonly SpeechScope[] = [{ of: 'chat', peer: message.chat }, account];
  if (who !== undefined) {
    const person = await ctx.history.person(who, signal);
    if (person === undefined) throw new CommandRefusal(texts.person.notFound(who));
    const scope: SpeechScope = { of: 'person', id: person.id };
    return { scope, scopes: [scope, ...here], person };
  }
  if (isSavedMessages(message, ctx)) return { scope: account, scopes: [account] };
  return { scope: { of: 'chat', peer: message.chat }, scopes: here };
}

/** What is chosen in the chat with oneself is chosen for the account. */
export function isSavedMessages({ chat }: ModuleMessage, ctx: Pick<VoiceContext, 'self'>): boolean {
  return chat.kind === 'user' && chat.id === ctx.self.id;
}
