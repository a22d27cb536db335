import { CommandRefusal, type ModuleLanguage } from '../../contract/index.js';
import { texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** `.backlog`: what came while nobody was there and is not answered; `answer` and `skip` decide about it. */
export async function backlog({ what, language }: { what: string | undefined; language: ModuleLanguage }, ctx: VoiceContext, { backlog: late }: VoicePorts): Promise<string> {
  const { backlog: all, words } = texts.of(language);
  switch (what?.toLowerCase()) {
    case undefined:
      return all.summary(await late.summary());
    case 'answer':
    case words.answer:
      return all.answering(await late.answer());
    case 'skip':
    case words.skip:
      return all.skipped(await late.skip());
    default:
      throw new CommandRefusal(all.usage(ctx.prefix));
  }
}
