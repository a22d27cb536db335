import { PermanentError } from '../errors.js';
import type { Peer } from '../telegram/peer.js';
import { decode } from './stages/decode.js';
import { download } from './stages/download.js';
import { punctuateStage } from './stages/punctuate.js';
import { recordTranscript } from './stages/record.js';
import { transcribe } from './stages/transcribe.js';
import { StageTimer } from './stage-timer.js';
import type { VoiceDependencies } from './voice-dependencies.js';
import { voiceJobId, voiceJobOf } from './voice-job.js';
import { withWorkspace } from './workspace.js';

/**
 * The text of one voice for who asks, without a job and without a word in the chat: what is on record where the voice was written
 * down already, else it is heard now and put on record. `PermanentError('deleted')` where the message is gone or no voice.
 */
export async function hearVoice(
  { accountId, chat, messageId }: { accountId: string; chat: Peer; messageId: number },
  deps: VoiceDependencies,
  signal: AbortSignal,
): Promise<{ text: string; language: string; audioMs: number }> {
  const id = voiceJobId({ accountId, chat, messageId });
  const kept = (await deps.transcripts.read(id)) ?? (await hear());
  return { text: kept.text, language: kept.recognition.language ?? '', audioMs: kept.recognition.audioMs };

  async function hear(): ReturnType<typeof recordTranscript> {
    const message = await deps.gatewayFor(accountId).getMessage(chat, messageId, signal);
    if (message?.voice === undefined) throw new PermanentError('deleted', 'the message is no voice, or gone');
    const job = voiceJobOf(message, message.voice, deps.clock.nowMs());
    const timer = new StageTimer(deps.clock);
    return withWorkspace(deps.workspaceRoot, async (folder) => {
      const file = await timer.measure('download', () => download(job, folder, deps, signal));
      const sound = await timer.measure('decode', () => decode(file, folder, deps, signal));
      const recognition = await timer.measure('transcribe', () => transcribe(sound, { job, notice: undefined }, deps, signal));
      const text = await timer.measure('punctuate', () => punctuateStage(recognition, deps));
      return recordTranscript(id, { text, recognition, stageMs: timer.stageMs }, deps);
    });
  }
}
