import { CommandRefusal, type ModuleLanguage, type ModuleMessage } from '../../contract/index.js';
import { texts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';

/** `.transcribe`: the voice that is answered becomes a job, whatever the policy says of it. */
export async function transcribe(
  { message, replied, toMe, language }: { message: ModuleMessage; replied: ModuleMessage | undefined; toMe: boolean; language: ModuleLanguage },
  { optOuts, jobs }: VoicePorts,
  signal: AbortSignal,
): Promise<string> {
  const all = texts.of(language).transcribe;
  if (message.replyToMessageId === undefined || replied === undefined) throw new CommandRefusal(all.sayWhich);
  if (replied.voice === undefined) throw new CommandRefusal(all.noVoice);
  const { sender, outgoing, accountId } = replied;
  if (!outgoing && sender !== undefined && (await optOuts.has(accountId, sender.id))) throw new CommandRefusal(all.optedOut);
  const outcome = await jobs.demand(replied, toMe ? 'saved' : 'reply', signal);
  if (outcome === 'no-voice') throw new CommandRefusal(all.noVoice);
  if (outcome === 'under-way') return all.underWay;
  return toMe ? all.queuedSaved : all.queued;
}
