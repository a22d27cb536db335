import type { DeadLetters } from '../store/dead-letters.js';
import type { Receipts } from '../store/receipts.js';
import { voiceJobId, type VoiceJob } from '../voice/voice-job.js';
import type { VoiceQueue } from './voice-queue.js';

export interface DemandDependencies {
  queue: Pick<VoiceQueue, 'addAgain' | 'find'>;
  deadLetters: Pick<DeadLetters, 'remove'>;
  receipts: Pick<Receipts, 'reopen'>;
}

/**
 * A voice is to be written down because somebody asked for it: it runs, or runs once more and delivers what was kept. What
 * stands for it is edited, not sent again. Killed at any point, it can be called again.
 */
export async function demandVoice(job: VoiceJob, { queue, deadLetters, receipts }: DemandDependencies): Promise<'queued' | 'under-way'> {
  const jobId = voiceJobId(job);
  const found = await queue.find(jobId);
  if (found !== undefined && found.state !== 'done') return 'under-way';
  await receipts.reopen(jobId);
  await queue.addAgain({ ...job, mayBeAnswered: true });
  await deadLetters.remove(job.accountId, jobId);
  return 'queued';
}
