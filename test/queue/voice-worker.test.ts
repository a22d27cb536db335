import { Worker } from 'bullmq';
import { expect, onTestFinished, test, vi } from 'vitest';
import { PermanentError, RetryableError } from '../../src/errors.js';
import { VOICE_QUEUE, VoiceQueue } from '../../src/queue/voice-queue.js';
import { VoiceWorker, type VoiceWorkerDependencies } from '../../src/queue/voice-worker.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { voiceJobId, type VoiceJob } from '../../src/voice/voice-job.js';
import { voiceJob } from '../support/messages.js';
import { silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
let nextMessageId = 1;

async function started(run: VoiceWorkerDependencies['run'], log = silentLog()) {
  const queue = new VoiceQueue(context.redis, silentLog());
  const buried: VoiceJob[] = [];
  const worker = new VoiceWorker({
    redis: context.redis,
    queue,
    concurrency: 2,
    run,
    bury: (job) => Promise.resolve(void buried.push(job)),
    sureSinceMs: () => 0,
    onIncident: () => undefined,
    log,
  });
  await worker.start();
  onTestFinished(async () => {
    await worker.stop();
    await queue.close();
  });
  return { queue, worker, buried, job: voiceJob({ messageId: nextMessageId++ }) };
}

test('a job that is added twice runs once, also when the first is done already', async () => {
  const runs: number[] = [];
  const { queue, job } = await started((given) => Promise.resolve(void runs.push(given.messageId)));
  await Promise.all([queue.add(job), queue.add(job)]);
  await expect.poll(() => runs).toEqual([job.messageId]);
  await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0 });
  await queue.add(job);
  expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0 });
  expect(runs).toHaveLength(1);
});

test('a failed try is tried again after the time that was told, and is not counted', async () => {
  const seen: VoiceJob[] = [];
  const { queue, job } = await started((given) => {
    seen.push(given);
    return seen.length === 1 ? Promise.reject(new RetryableError('flood', 10)) : Promise.resolve();
  });
  await queue.add(job);
  await expect.poll(() => seen.map(({ failedAttempts }) => failedAttempts), { timeout: 5000 }).toEqual([0, 0]);
});

test('what cannot succeed comes once more with its reason, so that the person is told', async () => {
  const seen: (string | undefined)[] = [];
  const { queue, job } = await started((given) => {
    seen.push(given.failure);
    return given.failure === undefined ? Promise.reject(new PermanentError('broken-audio', 'x')) : Promise.resolve();
  });
  await queue.add(job);
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([undefined, 'broken-audio']);
});

test('where not even that can be said, it is put on record and over, with the cause of the failure', async () => {
  const { queue, job, buried } = await started(() => Promise.reject(new PermanentError('cannot-write', 'CHAT_WRITE_FORBIDDEN')));
  await queue.add(job);
  await expect.poll(() => buried, { timeout: 5000 }).toEqual([
    expect.objectContaining({ messageId: job.messageId, failure: 'cannot-write', failureCause: 'CHAT_WRITE_FORBIDDEN', failedTries: 1 }),
  ]);
  await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0 });
});

test('one voice of a chat at a time, the older one first even where it came later; other chats meanwhile', async () => {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const { queue } = await started(({ messageId }) => {
    begun.push(messageId);
    return new Promise((resolve) => ends.set(messageId, resolve));
  });
  const first = nextMessageId;
  nextMessageId += 4;
  const group = { kind: 'group', id: '9' } as const;
  await queue.add(voiceJob({ messageId: first }));
  await expect.poll(() => begun).toEqual([first]);
  await queue.add(voiceJob({ messageId: first + 2 }));
  await queue.add(voiceJob({ messageId: first + 1 }));
  await queue.add(voiceJob({ messageId: first + 3, chat: group }));
  await expect.poll(() => begun).toEqual([first, first + 3]);
  ends.get(first)?.();
  await expect.poll(() => begun).toEqual([first, first + 3, first + 1]);
  for (const id of [first + 3, first + 1]) ends.get(id)?.();
  await expect.poll(() => begun).toEqual([first, first + 3, first + 1, first + 2]);
  ends.get(first + 2)?.();
  await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0 });
});

test('a run after the first, and one of a voice that is older than this process, are told to look before they send', async () => {
  const seen: (boolean | undefined)[] = [];
  const { queue, job } = await started(({ mayBeAnswered }) => {
    seen.push(mayBeAnswered);
    return seen.length === 1 ? Promise.reject(new RetryableError('flood', 1)) : Promise.resolve();
  });
  await queue.add({ ...job, sentAtMs: 3_600_000 });
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([undefined, true]);
  await queue.add({ ...job, messageId: nextMessageId++, sentAtMs: -3_600_000 });
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([undefined, true, true]);
});

test('what a killed process had in hand is taken up again at the next start, and counted as a crash', async () => {
  const queue = new VoiceQueue(context.redis, silentLog());
  const job = voiceJob({ messageId: nextMessageId++ });
  await queue.add(job);
  await queue.giveTurn(voiceJobId(job));
  // As the killed process left it: in work, with a lock that nobody renews.
  const dead = new Worker(VOICE_QUEUE, null, { connection: context.redis, prefix: redisKeys.queuePrefix });
  await dead.getNextJob('dead');
  await dead.close();
  expect((await queue.counts()).active).toBe(1);
  const seen: VoiceJob[] = [];
  await started((given) => Promise.resolve(void seen.push(given)));
  await expect.poll(() => seen, { timeout: 5000 }).toEqual([expect.objectContaining({ messageId: job.messageId, mayBeAnswered: true })]);
  await queue.close();
});

/** A process that took the job up and was killed, so many times. */
async function killedWith(job: VoiceJob, times: number): Promise<void> {
  const queue = new VoiceQueue(context.redis, silentLog());
  await queue.add(job);
  await queue.giveTurn(voiceJobId(job));
  for (let time = 0; time < times; time += 1) {
    const dead = new Worker(VOICE_QUEUE, null, { connection: context.redis, prefix: redisKeys.queuePrefix });
    await dead.getNextJob('dead');
    await dead.close();
    if (time < times - 1) await queue.takeBack();
  }
  await queue.close();
}

test('a job that was in hand when the process was killed twice lets others go first, and is done then', async () => {
  const job = voiceJob({ messageId: nextMessageId++ });
  const younger = voiceJob({ messageId: nextMessageId++ });
  await killedWith(job, 2);
  const seen: VoiceJob[] = [];
  const { queue } = await started((given) => Promise.resolve(void seen.push(given)));
  await queue.add(younger);
  await expect.poll(() => seen.map(({ messageId }) => messageId), { timeout: 20_000 }).toEqual([younger.messageId, job.messageId]);
  expect(seen.map(({ failure }) => failure)).toEqual([undefined, undefined]);
});

test('a job that was in hand each of ten times when the process was killed is given up, and that is said', async () => {
  const job = voiceJob({ messageId: nextMessageId++ });
  await killedWith(job, 10);
  const seen: VoiceJob[] = [];
  await started((given) => Promise.resolve(void seen.push(given)));
  await expect.poll(() => seen, { timeout: 20_000 }).toEqual([
    expect.objectContaining({ messageId: job.messageId, failure: 'internal', failureCause: 'it took the daemon down 10 times' }),
  ]);
});

test('a stop parks the job in hand, and the next worker runs it with the failures it had', async () => {
  const first = await started((_job, _log, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))));
  await first.queue.add(first.job);
  await expect.poll(async () => (await first.queue.counts()).active).toBe(1);
  await first.worker.stop();
  expect(await first.queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0 });
  const seen: VoiceJob[] = [];
  await started((given) => Promise.resolve(void seen.push(given)));
  await expect.poll(() => seen.length, { timeout: 5000 }).toBe(1);
  expect(seen[0]).toMatchObject({ messageId: first.job.messageId, failedAttempts: 0 });
});

test('a job goes on when Redis is killed and comes back meanwhile', async () => {
  const runs: number[] = [];
  const { queue, job } = await started(async (given) => {
    runs.push(given.messageId);
    if (runs.length > 1) return;
    process.kill(context.server.pid ?? 0, 'SIGKILL');
    await context.redis.ping();
  });
  await queue.add(job);
  await expect.poll(() => queue.counts(), { timeout: 45_000 }).toEqual({ waiting: 0, active: 0, delayed: 0 });
  expect(new Set(runs)).toEqual(new Set([job.messageId]));
});

test('a job whose lock ran out while Redis was away is not run beside itself: it goes on and ends once', async () => {
  let runs = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const log = silentLog();
  // Each start of a job has a log of its own.
  const starts = vi.spyOn(log, 'child');
  const { queue, job } = await started(() => {
    runs += 1;
    return finished;
  }, log);
  onTestFinished(() => finish());
  await queue.add(job);
  await expect.poll(() => runs).toBe(1);
  const key = `${redisKeys.queuePrefix}:${VOICE_QUEUE}:${voiceJobId(job)}`;
  await context.redis.del(`${key}:lock`);
  // Taken for the job of a dead process, it is started again.
  await expect.poll(() => context.redis.hget(key, 'ats'), { timeout: 30_000 }).toBe('2');
  await expect.poll(() => starts.mock.calls.length).toBe(2);
  expect(runs).toBe(1);
  finish();
  await expect.poll(() => queue.counts(), { timeout: 10_000 }).toEqual({ waiting: 0, active: 0, delayed: 0 });
  expect(await context.redis.hget(key, 'finishedOn')).not.toBeNull();
  expect(runs).toBe(1);
});

test('while a long voice is in work another long one waits, and a short one that came later does not', async () => {
  const seen: string[] = [];
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  const { queue, job } = await started((given) => {
    seen.push(given.chat.id);
    return given.media.durationSec > 60 ? done : Promise.resolve();
  });
  const inChat = (id: string, durationSec: number): VoiceJob => ({ ...job, chat: { ...job.chat, id }, media: { ...job.media, durationSec } });
  for (const long of ['901', '902']) await queue.add(inChat(long, 600));
  await queue.add(inChat('903', 5));
  await expect.poll(() => seen).toEqual(['901', '903']);
  finish();
  await expect.poll(() => seen).toEqual(['901', '903', '902']);
});
