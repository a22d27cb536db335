import type { Logger } from '../log/logger.js';
import { lacksAccess } from '../telegram/peer.js';
import { answerFailure } from './stages/answer-failure.js';
import { decode } from './stages/decode.js';
import { download } from './stages/download.js';
import { punctuateStage } from './stages/punctuate.js';
import { recordAnswer, recordTranscript } from './stages/record.js';
import { reply } from './stages/reply.js';
import { transcribe } from './stages/transcribe.js';
import type { KeptTranscript, VoiceDependencies } from './voice-dependencies.js';
import { voiceJobId, type VoiceJob } from './voice-job.js';
import { StageTimer } from './stage-timer.js';
import { WorkingNotice } from './working-notice.js';
import { withWorkspace } from './workspace.js';

/**
 * The way of a voice, stage by stage (①–③, up to the queue, are in `intake/`). May be run any number of times for one
 * job, in any process: what an earlier run got done is found by its transcript and its receipt, and is not done again.
 * Rejects for the retry policy to judge; resolves when the answer stands in the chat and is on record.
 */
export async function runVoicePipeline(
  given: VoiceJob,
  deps: VoiceDependencies,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const id = voiceJobId(given);
  if ((await deps.receipts.read(id)).done) return;
  await deps.online.whenOpen(signal);
  const job = await withAccess(given, deps, signal);
  if (job.failure !== undefined) {
    await answerFailure(job, job.failure, deps, signal);
    log.info({ outcome: 'failed', reason: job.failure }, 'answered');
    return;
  }

  const timer = new StageTimer(deps.clock);
  const isSilent = job.delivery === 'silent';
  const notice = showsProgress(job) ? new WorkingNotice(job, deps, log, signal) : undefined;
  try {
    const transcript =
      (await deps.transcripts.read(id)) ??
      (await withWorkspace(deps.workspaceRoot, async (folder) => {
        const file = await timer.measure('download', () => download(job, folder, deps, signal)); //        ④
        const sound = await timer.measure('decode', () => decode(file, folder, deps, signal)); //          ⑤
        const recognition = await timer.measure('transcribe', () => transcribe(sound, { job, notice }, deps, signal)); // ⑥
        const text = await timer.measure('punctuate', () => punctuateStage(recognition, deps)); //         ⑦
        return recordTranscript(id, { text, recognition, stageMs: timer.stageMs }, deps);
      }));
    await notice?.stop();
    await deps.online.whenOpen(signal);
    if (!isSilent) await timer.measure('reply', () => reply(job, transcript, deps, signal)); //            ⑧
    await recordAnswer(job, transcript, deps); //                                                          ⑨
    log.info(summary(job, transcript, timer, deps.clock.nowMs()), isSilent ? 'recorded, nothing is said in the chat' : 'answered');
  } finally {
    await notice?.stop();
  }
}

/** In the chat itself, and nowhere else, people see that somebody is at work. */
function showsProgress({ delivery = 'reply' }: VoiceJob): boolean {
  return delivery === 'reply' || delivery === 'quote';
}

/** The update that brought the voice may not have said how its chat is to be addressed. */
async function withAccess(job: VoiceJob, deps: VoiceDependencies, signal: AbortSignal): Promise<VoiceJob> {
  if (!lacksAccess(job.chat)) return job;
  return { ...job, chat: await deps.gatewayFor(job.accountId).findChat(job.chat, job.messageId, signal) };
}

function summary(
  job: VoiceJob,
  { text, recognition }: KeptTranscript,
  timer: StageTimer,
  nowMs: number,
): Record<string, unknown> {
  const outcome = text === '' ? 'no-speech' : 'text';
  const { audioMs, engineMs } = recognition;
  return { outcome, audioMs, engineMs, sinceArrivalMs: nowMs - job.receivedAtMs, ...timer.stageMs };
}
