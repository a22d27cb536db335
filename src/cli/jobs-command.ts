import type { Redis } from 'ioredis';
import { ACCOUNT_ID } from '../account-id.js';
import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { FailedVoices } from '../queue/failed-voices.js';
import { VoiceQueue } from '../queue/voice-queue.js';
import { DeadLetters } from '../store/dead-letters.js';
import { Receipts } from '../store/receipts.js';
import type { JobRecord, JobsDependencies } from './jobs.js';
import { withRedis } from './with-redis.js';

export interface JobsCommandDependencies {
  config: Config;
  texts: Texts;
  log: Logger;
}

/** Gives `work` the jobs of the daemon, whether it runs or not; resolves with the exit status. */
export function jobsCommand(
  deps: JobsCommandDependencies,
  work: (jobs: JobsDependencies) => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  const log = deps.log.child({}, { level: 'warn' });
  return withRedis({ config: deps.config, log }, (redis) => withQueue(redis, { ...deps, log }, work), signal);
}

async function withQueue(
  redis: Redis,
  { texts, log }: JobsCommandDependencies,
  work: (jobs: JobsDependencies) => Promise<number>,
): Promise<number> {
  const queue = new VoiceQueue(redis, log);
  const [deadLetters, receipts] = [new DeadLetters(redis), new Receipts(redis)];
  const failed = new FailedVoices({ queue, deadLetters, receipts, nowMs: () => Date.now() });
  try {
    return await work({
      failed: () => failed.list(ACCOUNT_ID),
      unfinished: () => queue.unfinished(),
      find: (jobId) => findJob(jobId, { queue, deadLetters, receipts }),
      retry: (jobId) => failed.retry(ACCOUNT_ID, jobId),
      drop: (jobId) => failed.drop(ACCOUNT_ID, jobId),
      texts: texts.jobs,
      failures: texts.failures,
      print: (line) => console.log(line),
    });
  } finally {
    await queue.close();
  }
}

async function findJob(
  jobId: string,
  { queue, deadLetters, receipts }: { queue: VoiceQueue; deadLetters: DeadLetters; receipts: Receipts },
): Promise<JobRecord | undefined> {
  const [letter, queued, { parts, done, outcome }] = [
    await deadLetters.find(ACCOUNT_ID, jobId),
    await queue.find(jobId),
    await receipts.read(jobId),
  ];
  if (letter === undefined && queued === undefined && !done && parts.size === 0) return undefined;
  return {
    jobId,
    ...(letter && { letter }),
    ...(queued && { queued }),
    ...(outcome && { outcome }),
    messageIds: [...parts.values()],
  };
}
