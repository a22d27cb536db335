import { placeOfJob, type VoiceJob } from '../voice/voice-job.js';
import { turnOrder } from './turn-order.js';
import type { VoiceQueue } from './voice-queue.js';

/** One voice of the line. */
export interface VoiceInLine {
  chat: VoiceJob['chat'];
  durationMs: number;
  /** By how fast the engine was lately; undefined while nothing is known. */
  expectedMs?: number;
  /** It is to be tried again later. */
  later: boolean;
}

export interface LineView {
  active: VoiceInLine[];
  /** In the order in which they will have their turns. */
  waiting: VoiceInLine[];
  hands: number;
}

/** What of an account is in work and what waits, as it is at this moment. */
export async function viewOfQueue(
  account: string,
  { queue, hands, realTimeFactor, nowMs }: { queue: Pick<VoiceQueue, 'held' | 'taken' | 'jobs'>; hands: number; realTimeFactor?: number; nowMs: number },
): Promise<LineView> {
  const taken = await queue.taken();
  const inWork = [...taken.active, ...taken.waiting];
  const busyChats = new Set(inWork.map((jobId) => placeOfJob(jobId).chat));
  const { due, later } = turnOrder(await queue.held(), { nowMs, busyChats });
  const jobs = await queue.jobs([...inWork, ...due.map(({ jobId }) => jobId), ...later.map(({ jobId }) => jobId)]);
  const view = (jobId: string, isLater = false): VoiceInLine[] => {
    const job = jobs.get(jobId);
    if (job?.accountId !== account) return [];
    const durationMs = job.media.durationSec * 1000;
    return [{ chat: job.chat, durationMs, later: isLater, ...(realTimeFactor !== undefined && { expectedMs: durationMs * realTimeFactor }) }];
  };
  const waiting = [...due.flatMap(({ jobId }) => view(jobId)), ...later.flatMap(({ jobId }) => view(jobId, true))];
  return { active: inWork.flatMap((jobId) => view(jobId)), waiting, hands };
}
