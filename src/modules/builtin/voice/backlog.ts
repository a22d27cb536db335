import { CommandRefusal, type ModuleLanguage } from '../../contract/index.js';
import { isWord, texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** `.backlog`: what came while nobody was there and is not answered; `answer` and `skip` decide about it. */
export async function backlog({ what, language }: { what: string | undefined; language: ModuleLanguage }, ctx: VoiceContext, { backlog: late }: VoicePorts): Promise<string> {
  const { backlog: all } = texts.of(language);
  if (what === undefined) return all.summary(await late.summary(), ctx.prefix);
  if (isWord(what, 'answer')) return all.answering(await late.answer());
  if (isWord(what, 'skip')) return all.skipped(await late.skip());
  throw new CommandRefusal(all.usage(ctx.prefix));
}
